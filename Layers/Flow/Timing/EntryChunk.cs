namespace Ouroboros.Layers.Flow.Timing;

/// <summary>
/// A piece of a slot of the wheel. Slots are lists of pieces of one size, which the wheel uses again, rather than arrays that grow: those of a million timers
/// would be large objects, copied at each growth and collected with everything else.
/// </summary>
internal sealed class EntryChunk
{
    public const int Size = 64;

    // Of a structure: storing an object in an array of objects looks at the object, which is in no cache.
    public readonly Entry[] Entries = new Entry[Size];
    public int Count;
    public EntryChunk? Next;

    public bool IsFull => Count == Size;

    public void Add(TimerGroup of, int index, long tick) => Entries[Count++] = new Entry(of, index, tick);

    /// <summary>Takes the last entry out.</summary>
    public Entry RemoveLast()
    {
        var last = Entries[--Count];
        Entries[Count] = default;
        return last;
    }

    /// <summary>Empties it, so that it keeps no timer alive.</summary>
    public void Clear()
    {
        Array.Clear(Entries, 0, Count);
        Count = 0;
        Next = null;
    }

    /// <summary>A timer and when it is to be called.</summary>
    /// <param name="Of">The timer, or those that it is one of.</param>
    /// <param name="Index">Which of them; <see cref="Single"/> = the timer itself.</param>
    /// <param name="Tick">When.</param>
    public readonly record struct Entry(TimerGroup Of, int Index, long Tick)
    {
        public const int Single = -1;
    }
}

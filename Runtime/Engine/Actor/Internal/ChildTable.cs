using System.Numerics;

namespace Akka.Actor;

/// <summary>
/// The children of one cell: a hash table by name that is threaded through the children themselves, so that a child costs one pointer here.
/// Locked,
/// because selections and inspection read it from any thread, and <c>/user</c> gets children from any thread.
/// </summary>
internal sealed class ChildTable
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private readonly Lock _lock = new();
    private ActorCell?[] _buckets = new ActorCell?[2];
    private int _count;
    private int _dying;
    private long _nextNumber;

    /// <summary>Set together with the first child that is stopped on purpose; back to none when the last of them is gone.</summary>
    public ChildrenReason Reason { get; private set; }

    /// <summary>Why the owner is restarted, when that is the reason.</summary>
    public Exception? RecreationCause { get; private set; }

    public int Count => _count;

    public bool IsTerminating => Reason == ChildrenReason.Termination;

    public bool IsNormal => Reason is ChildrenReason.None or ChildrenReason.UserRequest;

    public bool IsWaiting => Reason is ChildrenReason.Recreation or ChildrenReason.Creation;

    public long NextNumber() => Interlocked.Increment(ref _nextNumber) - 1;

    /// <summary>The name of an actor that was given none: <c>$a</c>, <c>$b</c>, ...</summary>
    public static string NameOf(long number)
    {
        Span<char> text = stackalloc char[12];
        text[0] = '$';
        var length = 1;
        do
        {
            text[length++] = Alphabet[(int)(number & 63)];
            number >>= 6;
        }
        while (number != 0);
        return new string(text[..length]);
    }

    public void Add(ActorCell child)
    {
        lock (_lock)
        {
            if (Reason == ChildrenReason.Termination)
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            if (child.GivenName is { } name && Find(name, Hash(name)) is not null)
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            if (_count >= _buckets.Length) Grow();
            ref var bucket = ref _buckets[child.NameHash & (_buckets.Length - 1)];
            child.NextInBucket = bucket;
            bucket = child;
            _count++;
        }
    }

    public ActorCell? Find(string name)
    {
        long number = -1;
        if (name.Length > 1 && name[0] == '$' && !TryParseNumber(name, out number)) return null;
        lock (_lock) return number >= 0 ? FindNumber(number) : Find(name, Hash(name));
    }

    public bool Contains(ActorCell child)
    {
        lock (_lock)
        {
            for (var c = _buckets[child.NameHash & (_buckets.Length - 1)]; c is not null; c = c.NextInBucket)
                if (ReferenceEquals(c, child)) return true;
            return false;
        }
    }

    /// <summary>Remembers that a child stops on purpose.</summary>
    public void MarkDying(ActorCell child)
    {
        lock (_lock)
        {
            if (child.IsDying) return;
            child.IsDying = true;
            _dying++;
            if (Reason == ChildrenReason.None) Reason = ChildrenReason.UserRequest;
        }
    }

    /// <summary>False when no child is stopping, so that there is nothing to wait for.</summary>
    public bool TrySetReason(ChildrenReason reason, Exception? cause)
    {
        lock (_lock)
        {
            if (_dying == 0) return false;
            Reason = reason;
            RecreationCause = cause;
            return true;
        }
    }

    /// <summary>No more children, ever.</summary>
    public void Close()
    {
        lock (_lock) Reason = ChildrenReason.Termination;
    }

    /// <summary>Removes a child that has stopped; gives the reason that is over with it, or none.</summary>
    public ChildrenReason Remove(ActorCell child)
    {
        lock (_lock)
        {
            ref var link = ref _buckets[child.NameHash & (_buckets.Length - 1)];
            while (link is not null && !ReferenceEquals(link, child)) link = ref link.NextInBucket;
            if (link is null) return ChildrenReason.None;
            link = child.NextInBucket;
            child.NextInBucket = null;
            _count--;
            if (!child.IsDying || --_dying > 0) return ChildrenReason.None;
            var over = Reason;
            if (over != ChildrenReason.Termination) Reason = ChildrenReason.None;
            return over;
        }
    }

    public ActorCell[] ToArray()
    {
        lock (_lock)
        {
            if (_count == 0) return [];
            var result = new ActorCell[_count];
            var i = 0;
            foreach (var head in _buckets)
                for (var c = head; c is not null; c = c.NextInBucket) result[i++] = c;
            return result;
        }
    }

    public static int Hash(string name)
    {
        // FNV-1a: names are short, and who names actors is no attacker.
        var hash = 2166136261u;
        foreach (var c in name) hash = (hash ^ c) * 16777619u;
        return (int)(hash ^ (hash >> 15));
    }

    public static int Hash(long number) => (int)(((ulong)number * 0x9E3779B97F4A7C15ul) >> 32);

    private static bool TryParseNumber(string name, out long number)
    {
        number = 0;
        if (name.Length > 12) return false;
        for (var i = name.Length - 1; i > 0; i--)
        {
            var digit = Alphabet.IndexOf(name[i], StringComparison.Ordinal);
            if (digit < 0) return false;
            number = (number << 6) | (uint)digit;
        }
        return number >= 0;
    }

    private ActorCell? Find(string name, int hash)
    {
        for (var c = _buckets[hash & (_buckets.Length - 1)]; c is not null; c = c.NextInBucket)
            if (c.GivenName == name) return c;
        return null;
    }

    private ActorCell? FindNumber(long number)
    {
        for (var c = _buckets[Hash(number) & (_buckets.Length - 1)]; c is not null; c = c.NextInBucket)
            if (c.GivenName is null && c.Number == number) return c;
        return null;
    }

    private void Grow()
    {
        var buckets = new ActorCell?[(int)BitOperations.RoundUpToPowerOf2((uint)_buckets.Length * 2)];
        foreach (var head in _buckets)
        {
            for (var c = head; c is not null;)
            {
                var next = c.NextInBucket;
                ref var bucket = ref buckets[c.NameHash & (buckets.Length - 1)];
                c.NextInBucket = bucket;
                bucket = c;
                c = next;
            }
        }
        _buckets = buckets;
    }
}

namespace Ouroboros.Layers.Flow;

/// <summary>
/// Has one thread at a time do what many ask for, without a lock: whoever asks while another thread is at it leaves that one a further round and goes on. A
/// mutable struct, to be kept in a field.
/// </summary>
internal struct WorkGate
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Again = 2;

    private int _state;

    /// <summary>One that its maker owns from the beginning.</summary>
    public static WorkGate Owned => new() { _state = Again };

    /// <summary>Whether nobody is at it, or about to be.</summary>
    public bool IsIdle => Volatile.Read(ref _state) == Idle;

    /// <summary>Asks for a round.</summary>
    /// <returns>true: the caller is who has to do it.</returns>
    public bool Ask() => Interlocked.Exchange(ref _state, Again) == Idle;

    /// <summary>Before a round: it sees to all that has been asked for up to now.</summary>
    public void Begin()
    {
        Volatile.Write(ref _state, Running);
        Interlocked.MemoryBarrier();
    }

    /// <summary>During a round: there is to be another one.</summary>
    public void BeginAgain() => Volatile.Write(ref _state, Again);

    /// <summary>After a round.</summary>
    /// <returns>true: another one was asked for meanwhile, and is the caller's.</returns>
    public bool IsAskedAgain() => Interlocked.CompareExchange(ref _state, Idle, Running) != Running;
}

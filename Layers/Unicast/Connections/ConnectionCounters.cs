namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>What became of connections, for inspection. Written by one actor at a time, read by any thread.</summary>
public sealed class ConnectionCounters
{
    private readonly long[] _failed = new long[Enum.GetValues<CepFailure>().Length];
    private readonly long[] _lost = new long[Enum.GetValues<ConnectionLoss>().Length];
    private long _established;

    /// <summary>Connections that came about.</summary>
    public long Established => Volatile.Read(ref _established);

    /// <summary>Connections that did not, for a reason.</summary>
    public long this[CepFailure reason] => Volatile.Read(ref _failed[(int)reason]);

    /// <summary>Connections that ended, for a reason.</summary>
    public long this[ConnectionLoss reason] => Volatile.Read(ref _lost[(int)reason]);

    internal void Note(CepFailure reason) => Interlocked.Increment(ref _failed[(int)reason]);

    internal void Note(ConnectionLoss reason) => Interlocked.Increment(ref _lost[(int)reason]);

    internal void NoteEstablished() => Interlocked.Increment(ref _established);
}

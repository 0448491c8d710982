using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>An FRCP connection whose output is kept as bytes; the test moves the time.</summary>
internal sealed class CoreRig : IFrcpOutput, IDisposable
{
    public const long Ms = 1_000_000;

    private readonly PacketPool _pool;
    private readonly bool _ownsPool;

    public CoreRig(FrcpParameters parameters, uint first, PacketPool? pool = null)
    {
        _ownsPool = pool is null;
        _pool = pool ?? PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        Core = new FrcpConnection(parameters, this, _pool, new Fixed(first));
    }

    public FrcpConnection Core { get; }

    public long Now { get; set; } = 1_000 * Ms;

    public List<byte[]> Sent { get; } = [];

    public List<byte[]> Delivered { get; } = [];

    /// <summary>How many of <see cref="Delivered"/> the test has answered.</summary>
    public int Answered { get; set; }

    public bool GaveUp { get; private set; }

    /// <summary>Messages that the user leaves unread.</summary>
    public int Unread { get; set; }

    /// <summary>The layer below takes nothing.</summary>
    public bool Refuses { get; set; }

    public PacketPool Pool => _pool;

    public bool Send(params byte[] message)
    {
        var packet = _pool.Rent(message.Length);
        message.CopyTo(packet.Span);
        var sent = Core.Send(packet, Now);
        if (!sent) packet.Dispose();
        Core.Flush(Now);
        return sent;
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        var packet = _pool.Rent(bytes.Length);
        bytes.CopyTo(packet.Span);
        Core.Receive(packet, Now);
        Core.Resume(Now);
        Core.Flush(Now);
    }

    /// <summary>Moves the time, from deadline to deadline.</summary>
    public void Pass(long nanoseconds)
    {
        var end = Now + nanoseconds;
        while (Core.NextDeadline <= end)
        {
            Now = Math.Max(Now, Core.NextDeadline);
            Core.OnTimer(Now);
            Core.Resume(Now);
            Core.Flush(Now);
        }
        Now = end;
    }

    public byte[] Last() => Sent[^1];

    bool IFrcpOutput.Transmit(Packet packet)
    {
        if (Refuses) return false;
        Sent.Add(packet.Span.ToArray());
        packet.Dispose();
        return true;
    }

    bool IFrcpOutput.Deliver(Packet message)
    {
        Delivered.Add(message.Span.ToArray());
        message.Dispose();
        return true;
    }

    void IFrcpOutput.GaveUp() => GaveUp = true;

    public void Dispose()
    {
        Core.Drop();
        Assert.That(_pool.Outstanding, Is.Zero, "every packet has come back");
        if (_ownsPool) _pool.Dispose();
    }

    private sealed class Fixed(uint first) : Random
    {
        public override long NextInt64(long maxValue) => first;
    }
}

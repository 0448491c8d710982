using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>A core with its codec and a clock that a test moves: management frames in and out, as bytes.</summary>
internal sealed class ShimHost
{
    public static readonly NameHash Oping = NameHash.Of(DirectoryHash.Sha3_256, "oping");

    private readonly PacketPool _pool;

    public ShimHost(PacketPool pool, LinkAddress own, bool llc = false, ShimSettings? settings = null, int seed = 1)
    {
        _pool = pool;
        Own = own;
        Codec = llc ? new LlcCodec(32) : new DixCodec(EthernetConfig.DefaultEtherType, 32);
        Core = new ShimCore(Codec, settings ?? new ShimSettings(), new Random(seed));
        Core.SetLink(own, 1500);
    }

    public LinkAddress Own { get; }

    public IShimCodec Codec { get; }

    public ShimCore Core { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

    public ShimCounters Counters => Core.Counters;

    public FlowEndpoint NewEndpoint() => new(_pool, TimeProvider.System);

    /// <summary>A frame arrives as from the wire; true if it was a management frame and went into the core.</summary>
    public bool Receive(ReadOnlySpan<byte> frame)
    {
        using var packet = _pool.Rent(frame.Length);
        frame.CopyTo(packet.Span);
        if (!Codec.TryOpen(packet, out var header))
        {
            Counters.Note(header.Drop);
            return false;
        }
        if (!header.IsManagement) return false;
        Core.Receive(packet.Span, header.Source, Now);
        return true;
    }

    /// <summary>What the core wants sent, as frames.</summary>
    public List<byte[]> Sent()
    {
        var frames = new List<byte[]>();
        while (Core.TryTakeTransmit(out var transmit))
        {
            using var packet = _pool.Rent(transmit.Message.Length);
            transmit.Message.CopyTo(packet.Span);
            Assert.That(Codec.TrySealManagement(packet, Own, transmit.Destination), Is.True);
            frames.Add(packet.Span.ToArray());
        }
        return frames;
    }

    public List<ShimEvent> Events()
    {
        var events = new List<ShimEvent>();
        while (Core.TryTakeEvent(out var @event)) events.Add(@event);
        return events;
    }

    /// <summary>The one event of a type that there must be.</summary>
    public T Single<T>()
        where T : ShimEvent => Events().OfType<T>().Single();

    public void Advance(TimeSpan by)
    {
        Now += by;
        Core.Tick(Now);
    }

    public void Advance(int milliseconds) => Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>A query that finds the name, answered by the frame that <paramref name="reply"/> is, or by making it up.</summary>
    public void Find(ShimHost other, NameHash hash)
    {
        Core.Query(hash, "q", Now);
        Exchange(other);
        Assert.That(Events().OfType<ShimEvent.QueryAnswered>().Single().Found, Is.True);
    }

    /// <summary>Carries all management frames to and fro until nobody sends any.</summary>
    public void Exchange(ShimHost other)
    {
        while (true)
        {
            var (mine, theirs) = (Sent(), other.Sent());
            if (mine.Count == 0 && theirs.Count == 0) return;
            foreach (var frame in mine) other.Receive(frame);
            foreach (var frame in theirs) Receive(frame);
        }
    }

    public FlowError Allocate(int flowId, byte[] data, NameHash? hash = null, FlowEndpoint? endpoint = null) =>
        Core.Allocate(flowId, endpoint ?? NewEndpoint(), hash ?? Oping, QosSpec.Raw, data, null, Now);

    /// <summary>A handshake of 36 bytes with an id of its own.</summary>
    public static byte[] Handshake(int number)
    {
        var data = new byte[36];
        new Random(number).NextBytes(data);
        return data;
    }
}

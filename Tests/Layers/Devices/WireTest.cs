using Ouroboros.Layers.Devices;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Devices;

/// <summary>Two devices on a virtual link, one of them for a test to put decorators around; what the other receives is noted.</summary>
public abstract class WireTest : PoolTest
{
    private protected static readonly LinkAddress Left = LinkAddress.FromMac([2, 0, 0, 0, 0, 1]);
    private protected static readonly LinkAddress Right = LinkAddress.FromMac([2, 0, 0, 0, 0, 2]);

    private protected VirtualLink Link { get; private set; } = null!;

    private protected VirtualDevice Inner { get; private set; } = null!;

    /// <summary>What arrived at the other end.</summary>
    private protected Receiver There { get; private set; } = null!;

    /// <summary>What the decorated device handed up.</summary>
    private protected Receiver Here { get; private set; } = null!;

    private protected VirtualDevice Other { get; private set; } = null!;

    [SetUp]
    public void SetUpWire()
    {
        Link = new VirtualLink(LinkKind.Ethernet, capacity: 20_000);
        Inner = Link.Add("left", Left, Pool);
        Other = Link.Add("right", Right, Pool);
        (Here, There) = (new Receiver(), new Receiver());
        Other.Start(There);
    }

    [TearDown]
    public void TearDownWire() => Link.Dispose();

    /// <summary>A frame with a number.</summary>
    private protected Packet Frame(LinkAddress to, LinkAddress from, int number, int length = 64)
    {
        var packet = Pool.Rent(length);
        packet.Span.Clear();
        to.WriteTo(packet.Span);
        from.WriteTo(packet.Span[6..]);
        packet.Span[12] = 0xA0;
        BitConverter.TryWriteBytes(packet.Span[14..], number);
        return packet;
    }

    private protected void SendNumbers(ILinkDevice device, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.That(device.Send([Frame(Right, Left, i)]), Is.EqualTo(1));
            Link.Run();
        }
    }

    private protected sealed class Receiver : ILinkReceiver
    {
        public List<byte[]> Frames { get; } = [];

        public List<LinkEvent> Events { get; } = [];

        public IEnumerable<int> Numbers => Frames.Select(f => BitConverter.ToInt32(f, 14));

        public void OnReceive(ReadOnlySpan<Packet> frames)
        {
            foreach (var frame in frames)
            {
                Frames.Add(frame.Span.ToArray());
                frame.Dispose();
            }
        }

        public void OnLinkEvent(LinkEvent linkEvent) => Events.Add(linkEvent);

        public void OnFailed(Exception reason) => throw reason;
    }
}

using Ouroboros.Layers.Devices;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Devices;

public class SendPumpTests : PoolTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [TestCase(1, 512, 0.0)]
    [TestCase(4, 512, 0.0)]
    [TestCase(4, 16, 0.3)]
    public void Every_packet_is_sent_once_and_those_of_a_writer_in_order(int writers, int capacity, double refusals)
    {
        // After each refusal the pump gives its time to those who write, who do the same: on a loaded machine that takes milliseconds.
        var packets = refusals > 0 ? 2_000 : 20_000;
        var sender = new Recorder(writers, writers * packets, refusals);
        using (var pump = new SendPump("test", sender, TimeProvider.System, capacity))
        {
            var threads = Enumerable.Range(0, writers).Select(writer => new Thread(() =>
            {
                for (var i = 0; i < packets; i++)
                {
                    var packet = Pool.Rent(8, TimeSpan.FromSeconds(60), default);
                    BitConverter.TryWriteBytes(packet.Span, writer);
                    BitConverter.TryWriteBytes(packet.Span[4..], i);
                    while (pump.Send([packet]) == 0) Thread.Yield();
                }
            })).ToArray();
            foreach (var thread in threads) thread.Start();
            Assert.That(sender.Done.Wait(Soon), Is.True, $"{sender.Count} of {writers * packets} packets were sent");
            foreach (var thread in threads) thread.Join();
        }
        Assert.That(sender.OutOfOrder, Is.Zero);
    }

    [Test]
    public void What_was_not_sent_is_given_back_at_the_end()
    {
        var sender = new Recorder(1, 1, 1.0);
        using (var pump = new SendPump("test", sender, TimeProvider.System, 64))
        {
            for (var i = 0; i < 50; i++)
            {
                var packet = Pool.Rent(8);
                if (pump.Send([packet]) == 0) packet.Dispose();
            }
        }
        Assert.That((sender.Count, Pool.Outstanding), Is.EqualTo((0, 0L)));
    }

    private sealed class Recorder(int writers, int expected, double refusals) : IBatchSender
    {
        private readonly Random _random = new(1);
        private readonly int[] _next = new int[writers];

        public int Count { get; private set; }

        public int OutOfOrder { get; private set; }

        public ManualResetEventSlim Done { get; } = new();

        public int SendBatch(ReadOnlySpan<Packet> frames)
        {
            var done = 0;
            foreach (var frame in frames)
            {
                if (_random.NextDouble() < refusals) break;
                var writer = BitConverter.ToInt32(frame.Span);
                if (BitConverter.ToInt32(frame.Span[4..]) != _next[writer]++) OutOfOrder++;
                frame.Dispose();
                done++;
            }
            Count += done;
            if (Count >= expected) Done.Set();
            return done;
        }

        public void WaitWritable(int milliseconds) => Thread.Yield();
    }
}

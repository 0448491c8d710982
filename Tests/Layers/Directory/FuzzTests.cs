using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>Whatever comes from the network: no exception leaves the core, and what it keeps stays within its bounds.</summary>
public sealed class FuzzTests
{
    private const int Mutations = 100_000;
    private static readonly DhtOptions s_options = new() { MaxValues = 500, MaxValuesPerPeer = 100 };

    [Test]
    public void A_hundred_thousand_mutations_of_every_captured_message_leave_a_node_sound()
    {
        var messages = Capture.ReadAll();
        Parallel.ForEach(messages, captured =>
        {
            // The same in every process, which HashCode.Combine is not.
            var seed = (captured.Frame * 31) + captured.File.Length;
            var random = new Random(seed);
            var target = new Target(random);
            var buffer = new byte[captured.Bytes.Length + 16];
            for (var i = 0; i < Mutations; i++)
            {
                var length = MessageMutator.Mutate(captured.Bytes, buffer, random);
                try
                {
                    target.Receive(buffer.AsSpan(0, length));
                }
                catch (Exception e)
                {
                    Assert.Fail($"{captured}, seed {seed}, mutation {i}: {Convert.ToHexString(buffer.AsSpan(0, length))}: {e}");
                }
            }
            target.AssertBounded(captured.ToString());
        });
    }

    [Test]
    public void Every_truncation_of_every_captured_message_leaves_a_node_sound()
    {
        var target = new Target(new Random(7));
        foreach (var captured in Capture.ReadAll())
        {
            for (var length = 0; length <= captured.Bytes.Length; length++) target.Receive(captured.Bytes.AsSpan(0, length));
        }
        Assert.That(target.Node.Counters.Dropped(DhtDrop.Malformed), Is.GreaterThan(10_000));
        target.AssertBounded("truncations");
    }

    // Flips, overwrites, cuts, insertions and repetitions, one to four of them.
    /// <summary>A node in the place of one in the captures, with look-ups, so that answers can meet requests.</summary>
    private sealed class Target : IDhtOutput
    {
        private long _milliseconds = 1000;
        private int _received;

        public Target(Random random)
        {
            Node = new DhtNode(s_options, DhtKey.Random(random, 32), 0xfe970b15, this, random);
            Node.Start(0x2ff6ad52, Now);
        }

        public DhtNode Node { get; }

        private DhtTime Now => new(_milliseconds, 1_795_216_990);

        public void Receive(ReadOnlySpan<byte> data)
        {
            Node.Receive(data, Now);
            if (++_received % 64 != 0) return;
            _milliseconds += 100;
            if (Node.NextDeadline <= _milliseconds) Node.Tick(Now);
        }

        public void AssertBounded(string what)
        {
            Assert.That(Node.ValueCount, Is.LessThanOrEqualTo(s_options.MaxValues), what);
            Assert.That(Node.LookupCount, Is.LessThanOrEqualTo(DhtNode.MaxLookups), what);
            Assert.That(Node.ContactCount, Is.LessThanOrEqualTo(96 * 8), what);
        }

        public bool Send(ulong address, in DhtMessage message) => true;

        public bool CanReach(ulong address) => true;

        public int Members(Span<ulong> into) => 0;

        public void Complete(in DhtQueryResult result)
        {
        }
    }
}

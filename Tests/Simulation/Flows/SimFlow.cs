using Ouroboros.Crypto.Cipher;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Layers.Flow.Timing;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>Two flow endpoints with a link between them, in virtual time.</summary>
internal sealed class SimFlow : IDisposable
{
    public SimFlow(
        PacketPool pool, int seed, QosSpec qos, LinkQuality forward, LinkQuality? back = null, FrcpFeatures offerA = FrcpFeatures.All,
        FrcpFeatures offerB = FrcpFeatures.All, uint? firstSequence = null, CipherPair? ciphers = null)
    {
        Random = new Random(seed);
        Timers = new TimerWheel(Clock);
        A = new FlowEndpoint(pool, Clock) { Qos = qos };
        B = new FlowEndpoint(pool, Clock) { Qos = qos };
        Forward = new SimLink(Clock, new Random(Random.Next()), forward, () => B);
        Back = new SimLink(Clock, new Random(Random.Next()), back ?? forward, () => A);
        A.Start(Settings(offerA, firstSequence, ciphers?.A));
        B.Start(Settings(offerB, firstSequence, ciphers?.B));
        A.Attach(Forward);
        B.Attach(Back);
    }

    public SimClock Clock { get; } = new();

    public Random Random { get; }

    public TimerWheel Timers { get; }

    public FlowEndpoint A { get; }

    public FlowEndpoint B { get; }

    public SimLink Forward { get; }

    public SimLink Back { get; }

    public static bool IsDown(FlowEndpoint end) => (end.State & (RingState.FlowDown | RingState.PeerDead)) != 0;

    public static void CheckFailure(FlowEndpoint end) => Assert.That((end.Stage as FrcpStage)?.Failure, Is.Null);

    public void Dispose()
    {
        CheckFailure(A);
        CheckFailure(B);
        A.Abort();
        B.Abort();
        // What is under way arrives nowhere.
        Clock.Advance(TimeSpan.FromSeconds(100));
        Timers.Dispose();
    }

    private FlowStageSettings Settings(FrcpFeatures offer, uint? first, IPacketCipher? cipher) => new()
    {
        Timers = Timers,
        Cipher = cipher,
        Offer = offer,
        Random = first is { } number ? new FixedRandom(number) : new Random(Random.Next()),
    };

    private sealed class FixedRandom(uint number) : Random
    {
        public override long NextInt64(long maxValue) => number;
    }
}

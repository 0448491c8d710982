using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Frcp;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>Everything of one run follows from its seed.</summary>
internal sealed class Scenario
{
    private const long Second = 1_000_000_000;

    // Links that lose three of four packets are slow. Whatever makes no progress for 120 s is reported by then.
    private const long Longest = 20_000 * Second;

    private readonly Random _random;

    public Scenario(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
        Loss = _random.NextDouble() < 0.2 ? 0 : _random.NextDouble() * 0.6;
        var corrupt = _random.NextDouble() < 0.3;
        Quality = new LinkQuality
        {
            Loss = Loss,
            Duplication = _random.NextDouble() < 0.5 ? 0 : _random.NextDouble() * 0.3,
            Corruption = corrupt ? _random.NextDouble() * 0.1 : 0,
            Reordering = _random.NextDouble() < 0.5 ? 0 : _random.NextDouble() * 0.4,
            Delay = (long)(Math.Pow(10, _random.NextDouble() * 3.5) * 20_000),
            Jitter = _random.NextDouble() < 0.5 ? 0 : _random.NextInt64(5_000_000),
            Serialization = _random.NextDouble() < 0.5 ? 0 : _random.NextInt64(200_000),
        };
        Qos = QosSpec.Data with { BitErrorRate = corrupt ? 0u : 1u };
        OfferA = _random.NextDouble() < 0.3 ? FrcpFeatures.None : FrcpFeatures.All;
        OfferB = _random.NextDouble() < 0.3 ? FrcpFeatures.None : FrcpFeatures.All;
        Messages = _random.Next(1, 80);
        Replies = _random.NextDouble() < 0.4 ? 0 : _random.Next(1, 80);
        MaxLength = (OfferA & OfferB) != 0 && _random.NextDouble() < 0.15 ? 6000 : _random.NextDouble() < 0.7 ? 60 : 1300;
        ReaderPause = _random.NextDouble() < 0.3 ? _random.NextInt64(Second) : 0;
        First = _random.NextDouble() < 0.3 ? (uint)(0 - _random.Next(0, 100)) : null;
        CutAt = _random.NextDouble() < 0.05 ? _random.NextInt64(Second) : null;
    }

    public int Seed { get; }

    public double Loss { get; }

    public LinkQuality Quality { get; }

    public QosSpec Qos { get; }

    public FrcpFeatures OfferA { get; }

    public FrcpFeatures OfferB { get; }

    public int Messages { get; }

    public int Replies { get; }

    public int MaxLength { get; }

    public long ReaderPause { get; }

    public uint? First { get; }

    public long? CutAt { get; }

    /// <summary>Whether an end reported the flow down or the peer dead.</summary>
    public bool ReportedDead { get; private set; }

    public long Duration { get; private set; }

    public long Retransmissions { get; private set; }

    /// <summary>Plays it.</summary>
    /// <returns>Null, or what went wrong.</returns>
    public string? Run(PacketPool pool)
    {
        using var flow = new SimFlow(pool, Seed, Qos, Quality, null, OfferA, OfferB, First);
        var there = new Conversation(flow.A, flow.B, Messages, MaxLength, Seed);
        var back = new Conversation(flow.B, flow.A, Replies, MaxLength, Seed + 1);
        var start = flow.Clock.Now;
        if (CutAt is { } cut)
        {
            flow.Clock.At(start + cut, () => flow.Forward.IsCut = flow.Back.IsCut = true);
        }
        var readAt = start + ReaderPause;
        var moved = true;
        while (true)
        {
            moved = there.Write() | back.Write();
            if (flow.Clock.Now >= readAt)
            {
                var wrong = there.Read(int.MaxValue, mayskip: false) ?? back.Read(int.MaxValue, mayskip: false);
                if (wrong is not null) return wrong;
            }
            Duration = flow.Clock.Now - start;
            if (there.IsComplete && back.IsComplete) break;
            if (SimFlow.IsDown(flow.A) && SimFlow.IsDown(flow.B))
            {
                ReportedDead = true;
                break;
            }
            if (Duration > Longest) return $"stuck: {there.Received} of {Messages} there, {back.Received} of {Replies} back\n  A: {Show(flow.A)}\n  B: {Show(flow.B)}";
            flow.Clock.Step(Math.Max(flow.Clock.Now + (Second / 10), readAt));
        }
        Retransmissions = (flow.A.Statistics?.Retransmissions ?? 0) + (flow.B.Statistics?.Retransmissions ?? 0);
        return null;
    }

    private static string Show(FlowEndpoint end) =>
        $"{end.State}, {end.Statistics! with { Drops = new Dictionary<string, long>() }}, dropped {string.Join(", ", end.Statistics!.Drops.Select(d => $"{d.Value} {d.Key}"))}, {end.SendQueueLength} to send, {end.ReceiveQueueLength} to read";

    public override string ToString() =>
        $"seed {Seed}: {Quality}; {Messages} messages of up to {MaxLength} bytes, {Replies} back; offers {OfferA} / {OfferB}; reader pauses {ReaderPause / 1e6:F0} ms; "
        + $"first {First?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "random"}; cut at {CutAt?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "never"}";
}

using Ouroboros.Layers.Unicast.Congestion;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>A sender whose timers end late, as those of every system do.</summary>
public sealed class PacingTests
{
    private const long Millisecond = 1_000_000;

    [TestCase(0)]
    [TestCase(long.MaxValue / 2)]
    public void A_flow_that_was_never_held_up_has_nothing_left_to_wait_for(long now) =>
        Assert.That(new FlowCongestion(now).ResumeAt - (now + 1), Is.EqualTo(-1));

    [Test]
    public void A_fast_flow_that_has_met_congestion_once_is_not_held_at_a_slot_of_64_packets_for_each_wait()
    {
        var congestion = new FlowCongestion(0);
        // From now on it is avoided, and there is none.
        congestion.OnUpdate(0);
        var sent = 0;
        for (long now = 0; now < 1000 * Millisecond; now += 4000)
        {
            // A wait counts whole milliseconds, and ends one late.
            if (now < congestion.ResumeAt) now = (((congestion.ResumeAt / Millisecond) + 2) * Millisecond);
            congestion.OnSent(64, now);
            sent++;
        }
        Assert.That(sent, Is.GreaterThan(150_000), "of 250,000 that the way would carry");
    }
}

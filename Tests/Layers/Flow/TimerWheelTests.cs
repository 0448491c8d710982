using Ouroboros.Layers.Flow.Timing;

namespace Ouroboros.Tests.Layers.Flow;

public sealed class TimerWheelTests
{
    private const long Ms = 1_000_000;

    [Test]
    public void Timers_fire_at_their_time_and_at_most_two_ticks_late([Values(0, 1, 7, 250, 269, 1000, 30_000, 68_000, 70_000, 3_600_000)] int milliseconds)
    {
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time);
        time.Advance(TimeSpan.FromMilliseconds(12_345));
        var start = wheel.Now;
        var timer = new Recorder();
        wheel.Schedule(timer, start + (milliseconds * Ms));
        time.Advance(TimeSpan.FromMilliseconds(milliseconds + 5));
        Assert.That(timer.Fired, Has.Count.EqualTo(1));
        Assert.That((timer.Fired[0] - start) / (double)Ms, Is.InRange(milliseconds, milliseconds + 3.2));
        Assert.That(wheel.Entries, Is.Zero);
        Assert.That(time.PendingTimers, Is.Zero, "an empty wheel does not tick");
    }

    [Test]
    public void A_thousand_timers_at_random_times_all_fire_in_time()
    {
        var random = new Random(5);
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time);
        var start = wheel.Now;
        var timers = Enumerable.Range(0, 1000).Select(_ => (Timer: new Recorder(), Due: start + (long)(Math.Pow(10, random.NextDouble() * 5) * Ms))).ToList();
        foreach (var (timer, due) in timers) wheel.Schedule(timer, due);
        while (time.PendingTimers > 0) time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 400)));
        foreach (var (timer, due) in timers)
        {
            Assert.That(timer.Fired, Has.Count.EqualTo(1));
            Assert.That(timer.Fired[0] - due, Is.InRange(0, 4 * Ms));
        }
    }

    [Test]
    public void An_earlier_deadline_wins_and_a_later_one_costs_no_entry()
    {
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time);
        var start = wheel.Now;
        var timer = new Recorder();
        wheel.Schedule(timer, start + (30_000 * Ms));
        for (var i = 0; i < 1000; i++) wheel.Schedule(timer, start + ((31_000 + i) * Ms));
        Assert.That(wheel.Entries, Is.EqualTo(1));
        wheel.Schedule(timer, start + (10 * Ms));
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.That(timer.Fired, Has.Count.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.That(timer.Fired, Has.Count.EqualTo(2), "the far one was kept");
    }

    [Test]
    public void A_cancelled_timer_never_fires_and_is_let_go()
    {
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time);
        var timers = Enumerable.Range(0, 500).Select(_ => new Recorder()).ToList();
        var random = new Random(1);
        foreach (var timer in timers)
        {
            wheel.Schedule(timer, wheel.Now + (random.NextInt64(100_000) * Ms));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
        var fired = timers.Count(t => t.Fired.Count > 0);
        foreach (var timer in timers) wheel.Cancel(timer);
        Assert.That(wheel.Entries, Is.Zero);
        time.Advance(TimeSpan.FromSeconds(200));
        Assert.That(timers.Count(t => t.Fired.Count > 0), Is.EqualTo(fired));
    }

    [Test]
    public void A_timer_is_called_again_when_it_says_so_until_it_is_cancelled()
    {
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time);
        var timers = Enumerable.Range(0, 1000).Select(i => new Recorder { Again = (100 + i) * Ms }).ToList();
        foreach (var timer in timers) wheel.Schedule(timer, wheel.Now + (10 * Ms));
        for (var i = 0; i < 2200; i++) time.Advance(TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < timers.Count; i++) Assert.That(timers[i].Fired, Has.Count.InRange(1 + (2190 / (104 + i)), 1 + (2200 / (100 + i))));
        Assert.That(wheel.Entries, Is.EqualTo(1000));
        foreach (var timer in timers) wheel.Cancel(timer);
        foreach (var timer in timers) wheel.Schedule(timer, wheel.Now + (10 * Ms));
        Assert.That(wheel.Entries, Is.Zero, "cancelled for good");
        Assert.That(time.PendingTimers, Is.LessThanOrEqualTo(1));
    }

    private sealed class Recorder : WheelTimer
    {
        public List<long> Fired { get; } = [];

        public long? Again { get; init; }

        internal override long OnTimer(long now)
        {
            Fired.Add(now);
            return Again is { } again ? now + again : None;
        }
    }
}

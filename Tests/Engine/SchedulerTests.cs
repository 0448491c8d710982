using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class SchedulerTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Test]
    public async Task A_message_is_sent_later_once()
    {
        var probe = NewProbe();
        var sender = NewProbe().Ref;
        var start = System.Scheduler.MonotonicClock;
        System.Scheduler.ScheduleTellOnce(Soon, probe.Ref, "x", sender);
        await probe.Expect("x");
        Assert.That(System.Scheduler.MonotonicClock - start, Is.GreaterThanOrEqualTo(Soon - TimeSpan.FromMilliseconds(15)));
        Assert.That(probe.LastSender, Is.EqualTo(sender));
        System.Scheduler.ScheduleTellOnce(0, probe.Ref, "now", sender);
        await probe.Expect("now");
    }

    [Test]
    public async Task A_message_is_sent_again_and_again()
    {
        var probe = NewProbe();
        var cancel = new Cancelable(System.Scheduler);
        System.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, Soon, probe.Ref, "x", probe.Ref, cancel);
        for (var i = 0; i < 3; i++) await probe.Expect("x");
        cancel.Cancel();
        Assert.That(cancel.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task Shorter_delays_come_first()
    {
        var probe = await InTime(TimeSpan.FromMilliseconds(150), to =>
        {
            System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(300), to.Ref, 2, to.Ref);
            System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), to.Ref, 1, to.Ref);
        });
        await probe.Expect(1);
        await probe.Expect(2);
    }

    [Test]
    public async Task What_is_called_off_does_not_happen()
    {
        var probe = await InTime(TimeSpan.FromMilliseconds(30), to =>
        {
            var once = System.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(50), to.Ref, "never", to.Ref);
            var again = System.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.FromMilliseconds(50), Soon, to.Ref, "never", to.Ref);
            var action = System.Scheduler.Advanced.ScheduleOnceCancelable(TimeSpan.FromMilliseconds(50), () => to.Ref.Tell("never"));
            once.Cancel();
            again.Cancel();
            action.Cancel();
            once.Cancel();
        });
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(150), probe.Ref, "later", probe.Ref);
        await probe.Expect("later");
    }

    [Test]
    public async Task What_has_been_called_off_before_is_not_scheduled()
    {
        var probe = NewProbe();
        System.Scheduler.ScheduleTellOnce(TimeSpan.Zero, probe.Ref, "never", probe.Ref, Cancelable.CreateCanceled());
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), probe.Ref, "later", probe.Ref);
        await probe.Expect("later");
    }

    [Test]
    public async Task Actions_run_once_or_again_and_again()
    {
        var probe = NewProbe();
        System.Scheduler.Advanced.ScheduleOnce(Soon, () => probe.Ref.Tell("once"));
        await probe.Expect("once");
        var cancel = System.Scheduler.Advanced.ScheduleRepeatedlyCancelable(Soon, Soon, () => probe.Ref.Tell("again"));
        for (var i = 0; i < 3; i++) await probe.Expect("again");
        cancel.Cancel();
    }

    [Test]
    public async Task An_action_that_fails_harms_no_other()
    {
        var probe = NewProbe();
        System.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => throw new InvalidOperationException());
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(50), probe.Ref, "x", probe.Ref);
        await probe.Expect("x");
    }

    [Test]
    public void Negative_delays_and_empty_intervals_are_refused()
    {
        var probe = NewProbe();
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            System.Scheduler.ScheduleTellOnce(TimeSpan.FromTicks(-1), probe.Ref, "x", probe.Ref));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            System.Scheduler.ScheduleTellRepeatedly(Soon, TimeSpan.Zero, probe.Ref, "x", probe.Ref));
        Assert.Throws<ArgumentOutOfRangeException>(() => System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromTicks(-1), () => { }));
    }

    [Test]
    public async Task The_longest_delay_is_no_shorter_than_any_other()
    {
        var probe = NewProbe();
        System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromDays(10_000), () => probe.Ref.Tell("never"));
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(50), probe.Ref, "x", probe.Ref);
        await probe.Expect("x");
    }

    [Test]
    public async Task A_cancelable_cancels_its_token_at_once_or_later()
    {
        var cancel = new Cancelable(System.Scheduler);
        var cancelled = new TaskCompletionSource();
        cancel.Token.Register(cancelled.SetResult);
        cancel.CancelAfter(Soon);
        await cancelled.Task.WaitAsync(Patience);
        Assert.That(cancel.IsCancellationRequested, Is.True);
        Assert.That(new Cancelable(System.Scheduler, Never).IsCancellationRequested, Is.False);
        ((ICancelable?)null).CancelIfNotNull();
    }

    /// <summary>
    /// Does something that means anything only if it is quick, with a probe of its own. Where the machine stood still meanwhile it is done
    /// again, whatever came of it.
    /// </summary>
    private async Task<Probe> InTime(TimeSpan limit, Action<Probe> action)
    {
        var began = System.Scheduler.MonotonicClock;
        while (System.Scheduler.MonotonicClock - began < Patience)
        {
            var probe = NewProbe();
            await Drained(probe.Ref);
            var start = System.Scheduler.MonotonicClock;
            action(probe);
            if (System.Scheduler.MonotonicClock - start < limit) return probe;
        }
        throw new AssertionException($"the machine cannot do this within {limit}");
    }

    [Test]
    public void The_clock_of_the_scheduler_is_the_time_of_day() =>
        Assert.That(System.Scheduler.Now, Is.EqualTo(DateTimeOffset.UtcNow).Within(Patience));
}

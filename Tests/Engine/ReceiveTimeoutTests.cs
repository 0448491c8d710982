using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class ReceiveTimeoutTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    /// <summary>What clocks of one machine may differ by.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(15);

    private sealed record Transparent : INotInfluenceReceiveTimeout;

    [Test]
    public async Task An_actor_that_gets_no_message_for_so_long_gets_ReceiveTimeout_again_and_again()
    {
        var probe = NewProbe();
        await probe.Run(c =>
        {
            Assert.That(c.ReceiveTimeout, Is.Null);
            c.SetReceiveTimeout(Soon);
            Assert.That(c.ReceiveTimeout, Is.EqualTo(Soon));
        });
        for (var i = 0; i < 3; i++) await probe.Expect<ReceiveTimeout>();
    }

    [Test]
    public async Task It_can_be_set_in_PreStart()
    {
        var probe = NewProbe();
        System.ActorOf(Scripted.Props((_, m) => { if (m is ReceiveTimeout) probe.Ref.Tell("timeout"); },
            new Scripted.Hooks { PreStart = c => c.SetReceiveTimeout(Soon) }));
        await probe.Expect("timeout");
    }

    [Test]
    public async Task Null_ends_it()
    {
        var probe = NewProbe();
        var actor = Act((c, m) =>
        {
            switch (m)
            {
                case ReceiveTimeout:
                    c.SetReceiveTimeout(null);
                    probe.Ref.Tell("timeout");
                    System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(150), probe.Ref, "later", c.Self);
                    break;
                default:
                    c.SetReceiveTimeout(Soon);
                    break;
            }
        });
        actor.Tell("start");
        await probe.Expect("timeout");
        await probe.Expect("later");
    }

    [Test]
    public async Task Messages_put_it_off_but_for_those_that_do_not_count()
    {
        var probe = NewProbe();
        var limit = TimeSpan.FromMilliseconds(200);
        var actor = Act((c, m) =>
        {
            if (m is "start") c.SetReceiveTimeout(limit);
            if (m is ReceiveTimeout) probe.Ref.Tell("timeout");
        });
        actor.Tell("start");
        using var tick = new Cancelable(System.Scheduler);
        System.Scheduler.ScheduleTellRepeatedly(0, 10, actor, new Transparent(), ActorRefs.NoSender, tick);
        await probe.Expect("timeout");
        tick.Cancel();

        // A machine that stands still for so long makes a time-out rightful: each is measured by the message before the last one, because the
        // last may have come when the time-out was in the mailbox already.
        var heard = NewProbe();
        var (last, before) = (System.Scheduler.MonotonicClock, TimeSpan.Zero);
        var busy = Act((c, m) =>
        {
            if (m is "start") c.SetReceiveTimeout(limit);
            if (m is ReceiveTimeout) heard.Ref.Tell(System.Scheduler.MonotonicClock - before);
            else (last, before) = (System.Scheduler.MonotonicClock, last);
            if (m is int) heard.Ref.Tell(m);
        });
        busy.Tell("start");
        var (start, sent) = (System.Scheduler.MonotonicClock, 0);
        while (System.Scheduler.MonotonicClock - start < 4 * limit)
        {
            busy.Tell(sent++);
            while (await heard.Next() is TimeSpan silence) Assert.That(silence, Is.GreaterThanOrEqualTo(limit - Grain));
            await Task.Delay(1);
        }
        var end = await heard.Expect<TimeSpan>();
        Assert.That(end, Is.GreaterThanOrEqualTo(limit - Grain));
    }
}

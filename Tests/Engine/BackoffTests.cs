using Akka.Actor;
using Akka.Event;
using Akka.Pattern;

namespace Ouroboros.Tests.Engine;

public sealed class BackoffTests : ActorTest
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Max = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongTime = TimeSpan.FromHours(1);

    private static Props Child(Probe probe) => Scripted.Props((c, m) =>
    {
        switch (m)
        {
            case "fail":
                throw new InvalidOperationException();
            case "stop":
                c.Stop(c.Self);
                break;
            case "to parent":
                c.Parent.Tell("from child");
                break;
            default:
                probe.Ref.Tell(m);
                break;
        }
    }, new Scripted.Hooks { PreStart = _ => probe.Ref.Tell("started") });

    [Test]
    public async Task OnStop_starts_the_child_again_whenever_it_has_stopped()
    {
        var probe = NewProbe();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(OnStop(probe)));
        await probe.Expect("started");
        for (var i = 0; i < 3; i++)
        {
            supervisor.Tell("stop");
            await probe.Expect("started");
        }
    }

    [Test]
    public async Task OnFailure_starts_a_new_child_when_it_has_failed()
    {
        var probe = NewProbe();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(Child(probe), "child", Min, Max, 0, -1)));
        await probe.Expect("started");
        var first = (await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience)).Ref;
        supervisor.Tell("fail");
        await probe.Expect("started");
        var second = (await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience)).Ref;
        Assert.That(second.Path, Is.EqualTo(first.Path));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That((await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience)).Count,
            Is.LessThanOrEqualTo(1));
    }

    [Test]
    public async Task OnFailure_ends_with_a_child_that_stops_by_itself()
    {
        var probe = NewProbe();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(Child(probe), "child", Min, Max, 0, -1)));
        supervisor.Tell("stop");
        await Stopped(supervisor);
    }

    [Test]
    public async Task Messages_go_to_the_child_and_its_own_to_the_parent()
    {
        var probe = NewProbe();
        var parent = System.ActorOf(Scripted.Props((c, m) =>
        {
            if (m is "from child") probe.Ref.Tell((m, c.Sender.Path.Name));
            else c.Child("supervisor").Forward(m);
        }, new Scripted.Hooks
        {
            PreStart = c => c.ActorOf(BackoffSupervisor.Props(OnStop(probe)), "supervisor"),
        }));
        await probe.Expect("started");
        parent.Tell("x");
        await probe.Expect("x");
        parent.Tell("to parent");
        await probe.Expect(((object)"from child", "supervisor"));
    }

    [Test]
    public async Task After_the_allowed_number_of_starts_the_supervisor_stops()
    {
        foreach (var onStop in new[] { true, false })
        {
            var probe = NewProbe();
            var child = Child(probe);
            var options = onStop ? Backoff.OnStop(child, "child", Min, Max, 0, 2) : Backoff.OnFailure(child, "child", Min, Max, 0, 2);
            var supervisor = System.ActorOf(BackoffSupervisor.Props(options.WithAutoReset(LongTime)));
            for (var i = 0; i < 2; i++)
            {
                await probe.Expect("started");
                supervisor.Tell(onStop ? "stop" : "fail");
            }
            await probe.Expect("started");
            supervisor.Tell(onStop ? "stop" : "fail");
            await Stopped(supervisor);
        }
    }

    [Test]
    public async Task While_the_child_is_down_messages_are_dead_letters_or_get_the_reply()
    {
        var probe = NewProbe();
        var dead = NewProbe();
        System.EventStream.Subscribe(dead.Ref, typeof(DeadLetter));
        var silent = System.ActorOf(BackoffSupervisor.Props(OnStop(probe, LongTime)));
        await probe.Expect("started");
        silent.Tell("stop");
        await Down(silent);
        silent.Tell("lost");
        await dead.Fish<DeadLetter>(d => d.Message is "lost");
        var replying = System.ActorOf(BackoffSupervisor.Props(OnStop(probe, LongTime).WithReplyWhileStopped("down")));
        await probe.Expect("started");
        replying.Tell("stop");
        await Down(replying);
        Assert.That(await replying.Ask<string>("x", Patience), Is.EqualTo("down"));
    }

    [Test]
    public async Task A_final_stop_message_ends_the_supervisor_with_the_child()
    {
        var probe = NewProbe();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(OnStop(probe).WithFinalStopMessage(m => m is "stop")));
        await probe.Expect("started");
        supervisor.Tell("stop");
        await Stopped(supervisor);
    }

    [Test]
    public async Task The_count_of_restarts_is_reset_by_time_or_by_hand()
    {
        var probe = NewProbe();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(OnStop(probe).WithManualReset()));
        await probe.Expect("started");
        supervisor.Tell("stop");
        await probe.Expect("started");
        Assert.That(await Count(supervisor), Is.EqualTo(1));
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        Assert.That(await Count(supervisor), Is.Zero);

        var automatic = System.ActorOf(BackoffSupervisor.Props(OnStop(probe).WithAutoReset(Min)));
        await probe.Expect("started");
        automatic.Tell("stop");
        await probe.Expect("started");
        Assert.That(async () => await Count(automatic), Is.Zero.After((int)Patience.TotalMilliseconds, 5));
    }

    [Test]
    public void Delays_and_factors_that_make_no_sense_are_refused()
    {
        foreach (var (min, max, random) in new[] { (TimeSpan.Zero, Max, 0.0), (Max, Min, 0.0), (Min, Max, 1.5) })
            Assert.Throws<ArgumentException>(() => BackoffSupervisor.Props(Backoff.OnStop(Props.Empty, "child", min, max, random, -1)));
    }

    [Test]
    public async Task Stopping_the_child_on_failure_makes_OnStop_start_it_again()
    {
        var probe = NewProbe();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(
            OnStop(probe).WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop))));
        await probe.Expect("started");
        supervisor.Tell("fail");
        await probe.Expect("started");
        var stopping = System.ActorOf(BackoffSupervisor.Props(OnStop(probe).WithDefaultStoppingStrategy()));
        await probe.Expect("started");
        stopping.Tell("fail");
        await probe.Expect("started");
    }

    [Test]
    public async Task A_supervisor_can_be_made_without_options()
    {
        var probe = NewProbe();
        var supervisor = System.ActorOf(BackoffSupervisor.Props(Child(probe), "child", Min, Max, 0.2));
        await probe.Expect("started");
        supervisor.Tell("stop");
        await probe.Expect("started");
    }

    private static BackoffOptions OnStop(Probe probe, TimeSpan? delay = null) =>
        Backoff.OnStop(Child(probe), "child", delay ?? Min, delay ?? Max, 0, -1);

    private static async Task<int> Count(IActorRef supervisor) =>
        (await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience)).Count;

    internal static async Task Down(IActorRef supervisor)
    {
        while ((await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience)).Ref is not null)
            await Task.Yield();
    }
}

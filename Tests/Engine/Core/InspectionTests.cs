using Akka.Actor;
using Ouroboros.Engine.Inspection;

namespace Ouroboros.Tests.Engine.Core;

public sealed class InspectionTests : ActorTest
{
    private ActorInfo User => ActorInspector.Read(System).Children.Single(c => c.Path == "/user");

    private static ActorInfo Find(ActorInfo root, string path) =>
        root.Path == path ? root : Find(root.Children.First(c => $"{path}/".StartsWith(c.Path + "/", StringComparison.Ordinal)), path);

    private ActorInfo Find(string path) => Find(User, path);

    [Test]
    public async Task The_tree_shows_every_actor_with_its_type_below_its_parent()
    {
        var parent = NewProbe("parent");
        await parent.Run(c =>
        {
            c.ActorOf(Props.Create<BehaviorTests.Picky>(), "b");
            c.ActorOf(Props.Empty, "a");
        });
        var root = ActorInspector.Read(System);
        Assert.That(root.Path, Is.EqualTo("/"));
        Assert.That(root.Children.Select(c => c.Path), Is.EqualTo(new[] { "/system", "/user" }));
        var info = Find(root, "/user/parent");
        Assert.That(info.Type, Is.EqualTo(typeof(Scripted).FullName));
        Assert.That(info.Children.Select(c => c.Path), Is.EqualTo(new[] { "/user/parent/a", "/user/parent/b" }));
        Assert.That(info.Children[1].Type, Is.EqualTo(typeof(BehaviorTests.Picky).FullName));
        Assert.That(ActorInspector.Read(parent.Ref)!.Path, Is.EqualTo("/user/parent"));
        Assert.That(ActorInspector.Read(System.DeadLetters), Is.Null);
    }

    [Test]
    public async Task Messages_handled_and_waiting_are_counted()
    {
        var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var actor = Act((_, m) =>
        {
            if (m is not "block") return;
            entered.SetResult();
            gate.Wait(Patience);
        }, "busy");
        for (var i = 0; i < 10; i++) actor.Tell(i);
        actor.Tell("block");
        await entered.Task.WaitAsync(Patience);
        for (var i = 0; i < 7; i++) actor.Tell(i);
        var busy = Find("/user/busy");
        Assert.That(busy.MailboxDepth, Is.EqualTo(7));
        Assert.That(busy.MessagesProcessed, Is.EqualTo(11));
        Assert.That(busy.State, Is.EqualTo(ActorState.Running));
        gate.Set();
        await Drained(actor);
        Assert.That(Find("/user/busy").MailboxDepth, Is.Zero);
    }

    [Test]
    public async Task Restarts_and_the_last_failure_are_shown()
    {
        var actor = Act((_, m) => { if (m is string s) throw new InvalidOperationException(s); }, "failing");
        actor.Tell("one");
        actor.Tell("two");
        await Drained(actor);
        var info = Find("/user/failing");
        Assert.That(info.Restarts, Is.EqualTo(2));
        Assert.That(info.State, Is.EqualTo(ActorState.Running));
        Assert.That(info.LastFailure!.Type, Is.EqualTo(typeof(InvalidOperationException).FullName));
        Assert.That(info.LastFailure.Message, Is.EqualTo("two"));
        Assert.That(info.LastFailure.Time, Is.EqualTo(DateTimeOffset.UtcNow).Within(Patience));
    }

    [Test]
    public async Task Each_state_is_shown()
    {
        var constructing = new ManualResetEventSlim();
        var stopping = new ManualResetEventSlim();
        var restarting = new ManualResetEventSlim();
        var deciding = new ManualResetEventSlim();
        var gate = new TaskCompletionSource();
        System.ActorOf(Scripted.Props((_, _) => { }, new Scripted.Hooks { OnConstruct = _ => constructing.Wait(Patience) })
            .WithDispatcher("own"), "starting");
        await Shown("/user/starting", ActorState.Starting);
        constructing.Set();
        await Shown("/user/starting", ActorState.Running);

        var suspended = System.ActorOf(Props.Create(() => new AsyncTests.Awaiting(gate.Task, System.DeadLetters)), "suspended");
        suspended.Tell("async");
        await Shown("/user/suspended", ActorState.Suspended);
        gate.SetResult();
        await Shown("/user/suspended", ActorState.Running);

        var slow = Scripted.Props((_, _) => { }, new Scripted.Hooks { PostStop = _ => stopping.Wait(Patience) }).WithDispatcher("own");
        var parent = System.ActorOf(Scripted.Props((_, _) => { }, new Scripted.Hooks { PreStart = c => c.ActorOf(slow) }), "stopping");
        await Drained(parent);
        parent.Tell(PoisonPill.Instance);
        await Shown("/user/stopping", ActorState.Stopping);
        stopping.Set();
        await Stopped(parent);

        var slower = Scripted.Props((_, _) => { }, new Scripted.Hooks { PostStop = _ => restarting.Wait(Patience) }).WithDispatcher("own");
        var made = 0;
        var restarted = System.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException(), new Scripted.Hooks
        {
            PreStart = c => { if (made++ == 0) c.ActorOf(slower); },
        }), "restarting");
        restarted.Tell("fail");
        await Shown("/user/restarting", ActorState.Restarting);
        restarting.Set();
        await Shown("/user/restarting", ActorState.Running);

        var supervisor = System.ActorOf(Scripted.Props((c, m) => c.Child("child").Forward(m), new Scripted.Hooks
        {
            PreStart = c => c.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException()), "child"),
            Strategy = new OneForOneStrategy(_ =>
            {
                deciding.Wait(Patience);
                return Directive.Resume;
            }),
        }).WithDispatcher("own"), "supervisor");
        supervisor.Tell("fail");
        await Shown("/user/supervisor/child", ActorState.Failed);
        deciding.Set();
        await Shown("/user/supervisor/child", ActorState.Running);
    }

    [Test]
    public async Task A_child_that_failed_for_good_stays_visible_until_another_takes_its_name()
    {
        var parent = System.ActorOf(Scripted.Props((c, m) =>
        {
            switch (m)
            {
                case "start":
                    c.ActorOf(Scripted.Props((_, _) => throw new InvalidOperationException("boom")), "child");
                    break;
                default:
                    c.Child("child").Tell(m);
                    break;
            }
        }, new Scripted.Hooks { Strategy = new OneForOneStrategy(1, -1, _ => Directive.Restart) }), "parent");
        parent.Tell("start");
        parent.Tell("fail");
        parent.Tell("fail");
        await Shown("/user/parent/child", ActorState.Failed, i => i.MessagesProcessed == 2 && i.Restarts == 1);
        Assert.That(Find("/user/parent/child").LastFailure!.Message, Is.EqualTo("boom"));
        Assert.That(Find("/user/parent/child").Type, Is.EqualTo(typeof(Scripted).FullName));
        parent.Tell("start");
        await Shown("/user/parent/child", ActorState.Running);
        Assert.That(Find("/user/parent").Children, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Looking_from_another_thread_disturbs_nobody()
    {
        var stop = 0;
        var actor = Act((_, _) => { }, "observed");
        var looking = Task.Run(() =>
        {
            var most = 0;
            while (Volatile.Read(ref stop) == 0)
            {
                var info = Find("/user/observed");
                most = Math.Max(most, info.MailboxDepth);
                Assert.That(info.MailboxDepth, Is.GreaterThanOrEqualTo(0));
            }
            return most;
        });
        for (var i = 0; i < 200_000; i++) actor.Tell(i);
        await Drained(actor);
        Volatile.Write(ref stop, 1);
        await looking.WaitAsync(Patience);
        Assert.That(Find("/user/observed").MessagesProcessed, Is.EqualTo(200_001));
    }

    protected override string Hocon => "own { type = Dispatcher, executor = fork-join-executor, dedicated-thread-pool.thread-count = 4 }";

    private async Task Shown(string path, ActorState state, Func<ActorInfo, bool>? fits = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            ActorInfo? info = null;
            try
            {
                info = Find(path);
            }
            catch (InvalidOperationException)
            {
                // Not there yet.
            }
            if (info?.State == state && (fits is null || fits(info))) return;
            if (TimeProvider.System.GetElapsedTime(start) > Patience) Assert.Fail($"{path} is {info?.State}, not {state}");
            await Task.Yield();
        }
    }
}

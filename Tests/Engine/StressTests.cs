using System.Collections.Concurrent;
using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class StressTests : ActorTest
{
    private sealed record Numbered(int Sender, int Number);

    [Test]
    public async Task No_message_is_lost_doubled_or_out_of_order_and_no_two_run_at_once()
    {
        const int Senders = 4, Count = 50_000;
        var next = new int[Senders];
        int running = 0, faults = 0, seen = 0;
        var actor = Act((_, m) =>
        {
            if (m is not Numbered n) return;
            if (Interlocked.Exchange(ref running, 1) != 0) Interlocked.Increment(ref faults);
            if (next[n.Sender]++ != n.Number) faults++;
            seen++;
            Volatile.Write(ref running, 0);
        });
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(s => Task.Run(() =>
        {
            for (var i = 0; i < Count; i++) actor.Tell(new Numbered(s, i), ActorRefs.NoSender);
        })));
        await Drained(actor);
        Assert.That((seen, faults), Is.EqualTo((Senders * Count, 0)));
    }

    [Test]
    public async Task Mailboxes_that_run_empty_all_the_time_lose_no_wake_up()
    {
        const int Rounds = 20_000;
        var done = new TaskCompletionSource();
        IActorRef? a = null, b = null;
        Action<IActorContext, object> bounce = (c, m) =>
        {
            var n = (int)m;
            if (n == Rounds) done.SetResult();
            else (c.Self.Equals(a) ? b! : a!).Tell(n + 1);
        };
        a = Act(bounce);
        b = Act(bounce);
        a.Tell(0);
        await done.Task.WaitAsync(Patience);
    }

    [Test]
    public async Task Restarts_under_load_lose_only_the_messages_that_failed()
    {
        const int Count = 20_000;
        int handled = 0, failed = 0, restarted = 0;
        var actor = System.ActorOf(Scripted.Props((_, m) =>
        {
            if (m is not int i) return;
            if (i % 100 == 0)
            {
                failed++;
                throw new InvalidOperationException();
            }
            handled++;
        }, new Scripted.Hooks { PostRestart = (_, _) => restarted++ }).WithSupervisorStrategy(SupervisorStrategy.DefaultStrategy));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(half => Task.Run(() =>
        {
            for (var i = 0; i < Count / 2; i++) actor.Tell((half * Count / 2) + i, ActorRefs.NoSender);
        })));
        await Drained(actor);
        Assert.That((handled, failed, restarted), Is.EqualTo((Count - (Count / 100), Count / 100, Count / 100)));
    }

    [Test]
    public async Task Children_come_and_go_under_load()
    {
        const int Count = 3000;
        var stopped = new ConcurrentBag<string>();
        var child = Scripted.Props((c, m) => c.Stop(c.Self), new Scripted.Hooks { PostStop = c => stopped.Add(c.Self.Path.Name) });
        var left = new TaskCompletionSource();
        var gone = 0;
        var parent = Act((c, m) =>
        {
            switch (m)
            {
                case int i:
                    c.Watch(c.ActorOf(child, $"c{i}")).Tell("end");
                    break;
                case Terminated:
                    if (++gone == Count) left.SetResult();
                    break;
            }
        });
        for (var i = 0; i < Count; i++) parent.Tell(i);
        await left.Task.WaitAsync(Patience);
        Assert.That(stopped.Distinct().Count(), Is.EqualTo(Count));
    }

    [Test]
    public async Task A_tree_that_is_terminated_while_it_grows_stops_completely()
    {
        int made = 0, stopped = 0;
        Props Node(int depth) => Scripted.Props((_, _) => { }, new Scripted.Hooks
        {
            PreStart = c =>
            {
                Interlocked.Increment(ref made);
                if (depth == 0) return;
                for (var i = 0; i < 5; i++) c.ActorOf(Node(depth - 1));
            },
            PostStop = _ => Interlocked.Increment(ref stopped),
        });
        for (var i = 0; i < 10; i++) System.ActorOf(Node(3));
        await System.Terminate().WaitAsync(Patience);
        Assert.That(stopped, Is.EqualTo(made));
    }

    [Test]
    public async Task Actors_of_two_threads_that_talk_do_not_starve_the_others()
    {
        var stop = 0;
        for (var i = 0; i < Environment.ProcessorCount * 2; i++)
        {
            IActorRef? a = null, b = null;
            Action<IActorContext, object> bounce = (c, m) =>
            {
                if (Volatile.Read(ref stop) == 0) (c.Self.Equals(a) ? b! : a!).Tell(m);
            };
            a = Act(bounce);
            b = Act(bounce);
            a.Tell("x");
        }
        var echo = Act((c, m) => c.Sender.Tell(m));
        for (var i = 0; i < 50; i++) Assert.That(await echo.Ask<int>(i, Patience), Is.EqualTo(i));
        Volatile.Write(ref stop, 1);
    }
}

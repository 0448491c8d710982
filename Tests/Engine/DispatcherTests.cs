using Akka.Actor;
using Akka.Configuration;

namespace Ouroboros.Tests.Engine;

public sealed class DispatcherTests : ActorTest
{
    protected override string Hocon => """
        io-dispatcher { type = PinnedDispatcher, executor = fork-join-executor, throughput = 1
          dedicated-thread-pool { thread-count = 1 } }
        own-dispatcher { type = Dispatcher, executor = fork-join-executor, throughput = 3
          dedicated-thread-pool { thread-count = 2 } }
        pool-dispatcher { type = Dispatcher, throughput = 7 }
        wrong-dispatcher { type = NoSuchDispatcher }
        """;

    private IActorRef OnThread(string dispatcher) =>
        System.ActorOf(Scripted.Props((c, _) => c.Sender.Tell(Environment.CurrentManagedThreadId)).WithDispatcher(dispatcher));

    [Test]
    public async Task A_pinned_actor_runs_on_a_thread_of_its_own()
    {
        IActorRef a = OnThread("io-dispatcher"), b = OnThread("io-dispatcher");
        var threadOfA = await a.Ask<int>("x", Patience);
        var threadOfB = await b.Ask<int>("x", Patience);
        Assert.That(threadOfA, Is.Not.EqualTo(threadOfB));
        for (var i = 0; i < 100; i++)
        {
            Assert.That(await a.Ask<int>("x", Patience), Is.EqualTo(threadOfA));
            Assert.That(await b.Ask<int>("x", Patience), Is.EqualTo(threadOfB));
        }
    }

    [Test]
    public async Task A_pinned_actor_may_block_without_holding_up_others()
    {
        var gate = new ManualResetEventSlim();
        var blocked = Enumerable.Range(0, 20).Select(_ => System.ActorOf(Scripted.Props((c, m) =>
        {
            gate.Wait(Patience);
            c.Sender.Tell(m);
        }).WithDispatcher("io-dispatcher"))).ToArray();
        var answers = blocked.Select(b => b.Ask<string>("x", Patience)).ToArray();
        var free = Act((c, m) => c.Sender.Tell(m));
        Assert.That(await free.Ask<string>("y", Patience), Is.EqualTo("y"));
        gate.Set();
        Assert.That(await Task.WhenAll(answers), Has.All.EqualTo("x"));
    }

    [Test]
    public async Task A_dispatcher_may_have_threads_of_its_own()
    {
        var actors = Enumerable.Range(0, 20).Select(_ => OnThread("own-dispatcher")).ToArray();
        var threads = new HashSet<int>();
        for (var i = 0; i < 20; i++)
            foreach (var actor in actors) threads.Add(await actor.Ask<int>("x", Patience));
        Assert.That(threads, Has.Count.InRange(1, 2));
    }

    [Test]
    public async Task The_dispatcher_of_an_actor_is_known_by_its_id()
    {
        var props = Scripted.Props((c, _) => c.Sender.Tell((c.Dispatcher.Id, c.Dispatcher.Throughput)));
        var actor = System.ActorOf(props.WithDispatcher("pool-dispatcher"));
        Assert.That(await actor.Ask<(string, int)>("x", Patience), Is.EqualTo(("pool-dispatcher", 7)));
        Assert.That(System.Dispatchers.Lookup("pool-dispatcher").Throughput, Is.EqualTo(7));
        Assert.That(System.Dispatchers.DefaultGlobalDispatcher.Throughput, Is.EqualTo(30));
        Assert.That(System.Dispatchers.HasDispatcher("own-dispatcher"), Is.True);
        Assert.That(System.Dispatchers.HasDispatcher("no-dispatcher"), Is.False);
    }

    [Test]
    public void An_unknown_dispatcher_is_refused_when_the_actor_is_made()
    {
        Assert.Throws<ConfigurationException>(() => System.ActorOf(Props.Empty.WithDispatcher("no-dispatcher")));
        Assert.Throws<ConfigurationException>(() => System.ActorOf(Props.Empty.WithDispatcher("wrong-dispatcher")));
    }

    [Test]
    public async Task Work_can_be_given_to_a_dispatcher()
    {
        var done = new TaskCompletionSource();
        System.Dispatchers.DefaultGlobalDispatcher.Schedule(done.SetResult);
        await done.Task.WaitAsync(Patience);
    }

    [Test]
    public async Task Restarts_and_ends_work_on_a_pinned_dispatcher()
    {
        var actor = System.ActorOf(Scripted.Props((c, m) =>
        {
            if (m is "fail") throw new InvalidOperationException();
            c.Sender.Tell(Environment.CurrentManagedThreadId);
        }).WithDispatcher("io-dispatcher"));
        var thread = await actor.Ask<int>("x", Patience);
        actor.Tell("fail");
        Assert.That(await actor.Ask<int>("x", Patience), Is.EqualTo(thread));
        Assert.That(await actor.GracefulStop(Patience), Is.True);
    }
}

using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Ouroboros.Tests.Engine;

public sealed class ActorSystemTests : ActorTest
{
    [TestCase("")]
    [TestCase("-a")]
    [TestCase("a b")]
    [TestCase("a_b")]
    [TestCase("a/b")]
    public void A_malformed_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => ActorSystem.Create(name, Quiet));

    [Test]
    public void A_system_knows_its_name_settings_and_age()
    {
        Assert.That(System.Name, Does.StartWith("test-"));
        Assert.That(System.ToString(), Is.EqualTo($"akka://{System.Name}"));
        Assert.That(System.Settings.Config.GetString("akka.loglevel"), Is.EqualTo("OFF"));
        Assert.That(System.Settings.Config.GetInt("akka.actor.default-dispatcher.throughput"), Is.EqualTo(30));
        Assert.That(System.Settings.AskTimeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
        Assert.That(System.Uptime, Is.LessThan(Patience).And.GreaterThanOrEqualTo(TimeSpan.Zero));
        Assert.That(DateTime.UnixEpoch + System.StartTime, Is.EqualTo(DateTime.UtcNow).Within(Patience));
        Assert.That(System.DeadLetters.Path.ToStringWithoutAddress(), Is.EqualTo("/deadLetters"));
    }

    [Test]
    public async Task A_system_is_made_from_setups()
    {
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(Quiet + "\nx.y = 7")));
        using var system = ActorSystem.Create("setup", setup);
        Assert.That(system.Settings.Config.GetInt("x.y"), Is.EqualTo(7));
        Assert.That(system.Settings.Setup.Get<BootstrapSetup>().HasValue, Is.True);
        await system.Terminate().WaitAsync(Patience);
    }

    [Test]
    public async Task Terminate_stops_every_actor_children_first()
    {
        var events = new List<string>();
        var child = Scripted.Props((_, _) => { }, new Scripted.Hooks { PostStop = c => { lock (events) events.Add(c.Self.Path.Name); } });
        var parent = System.ActorOf(Scripted.Props((_, _) => { }, new Scripted.Hooks
        {
            PreStart = c => c.ActorOf(child, "child"),
            PostStop = c => { lock (events) events.Add(c.Self.Path.Name); },
        }), "parent");
        await Drained(parent);
        await System.Terminate().WaitAsync(Patience);
        Assert.That(events, Is.EqualTo(new[] { "child", "parent" }));
        Assert.That(System.WhenTerminated.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task Termination_callbacks_run_before_WhenTerminated_the_last_one_first()
    {
        var events = new List<int>();
        System.RegisterOnTermination(() => events.Add(1));
        System.RegisterOnTermination(() => throw new InvalidOperationException("a callback that fails stops no other"));
        System.RegisterOnTermination(() => events.Add(2));
        _ = System.Terminate();
        await System.WhenTerminated.WaitAsync(Patience);
        Assert.That(events, Is.EqualTo(new[] { 2, 1 }));
        Assert.Throws<InvalidOperationException>(() => System.RegisterOnTermination(() => { }));
    }

    [Test]
    public async Task A_terminated_system_makes_no_actors()
    {
        NewProbe("a");
        await System.Terminate().WaitAsync(Patience);
        Assert.Throws<InvalidOperationException>(() => System.ActorOf(Props.Empty));
    }

    [Test]
    public async Task Terminating_twice_is_terminating_once()
    {
        var first = System.Terminate();
        var second = System.Terminate();
        await Task.WhenAll(first, second).WaitAsync(Patience);
        Assert.That(System.WhenTerminated.IsCompleted, Is.True);
    }

    [Test]
    public void Dispose_terminates_the_system()
    {
        System.Dispose();
        Assert.That(System.WhenTerminated.IsCompleted, Is.True);
    }

    [Test]
    public async Task Stop_stops_a_top_level_actor_and_any_other()
    {
        var parent = NewProbe("parent");
        IActorRef child = ActorRefs.Nobody;
        await parent.Run(c => child = c.ActorOf(Props.Empty, "child"));
        System.Stop(child);
        await Stopped(child);
        System.Stop(parent.Ref);
        await Stopped(parent.Ref);
    }

    [Test]
    public void A_configuration_that_makes_no_sense_is_refused()
    {
        foreach (var setting in new[]
                 {
                     "akka.actor.guardian-supervisor-strategy = \"No.Such.Type\"",
                     "akka.coordinated-shutdown.terminate-actor-system = off",
                     "akka.loggers = [\"No.Such.Logger\"]",
                 })
        {
            var thrown = Assert.Catch(() => ActorSystem.Create("x", Quiet + "\n" + setting));
            Assert.That(thrown!.GetBaseException(), Is.InstanceOf<ConfigurationException>(), setting);
        }
    }
}

using Akka.Actor;
using Akka.Configuration;

namespace Ouroboros.Tests.Engine;

public sealed class ExtensionTests : ActorTest
{
    [Test]
    public void A_system_has_one_instance_of_an_extension()
    {
        Assert.That(System.HasExtension<Counter>(), Is.False);
        var first = new CounterId().Apply(System);
        Assert.That(System.WithExtension<Counter, CounterId>(), Is.SameAs(first));
        Assert.That(System.GetExtension<Counter>(), Is.SameAs(first));
        Assert.That(System.GetExtension(new CounterId()), Is.SameAs(first));
        Assert.That(System.RegisterExtension(new CounterId()), Is.SameAs(first));
        Assert.That(new CounterId().Get(System), Is.SameAs(first));
        Assert.That(System.HasExtension(typeof(Counter)), Is.True);
        Assert.That(first.System, Is.SameAs(System));
    }

    [Test]
    public async Task Extensions_are_loaded_by_configuration()
    {
        var config = ConfigurationFactory.ParseString($"akka.extensions = [\"{typeof(CounterId).AssemblyQualifiedName}\"]\n{Quiet}");
        var system = ActorSystem.Create("extended", config);
        Assert.That(system.HasExtension<Counter>(), Is.True);
        await system.Terminate().WaitAsync(Patience);
    }

    public sealed class Counter : IExtension
    {
        public Counter(ActorSystem system) => System = system;

        public ActorSystem System { get; }
    }

    public sealed class CounterId : ExtensionIdProvider<Counter>
    {
        public override Counter CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

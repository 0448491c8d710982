using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class DeadLetterLogTests : ActorTest
{
    protected override string Hocon => "akka { log-dead-letters = 2, log-dead-letters-suspend-duration = infinite }";

    [Test]
    public async Task Dead_letters_are_logged_until_there_are_too_many()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Info));
        var listener = await System.ActorSelection("/system/deadLetterListener").ResolveOne(Patience);
        for (var i = 0; i < 5; i++) System.DeadLetters.Tell($"m{i}");
        var first = await probe.Expect<Info>();
        Assert.That(first.Message.ToString(), Does.Contain("[1] dead letters encountered"));
        var second = await probe.Expect<Info>();
        Assert.That(second.Message.ToString(), Does.Contain("[2] dead letters encountered, no more dead letters will be logged"));
        await Drained(listener);
        await probe.ExpectNothingBefore("fence");
    }
}

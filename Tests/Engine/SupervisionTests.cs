using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class SupervisionTests : ActorTest
{
    [Test]
    public async Task A_child_that_fails_is_restarted_and_keeps_its_mailbox()
    {
        var events = NewProbe();
        var child = System.ActorOf(Scripted.Props((_, m) =>
        {
            if (m is "fail") throw new InvalidOperationException("boom");
            events.Ref.Tell(m);
        }, new Scripted.Hooks
        {
            OnConstruct = _ => events.Ref.Tell("construct"),
            PreStart = _ => events.Ref.Tell("PreStart"),
            PostStop = _ => events.Ref.Tell("PostStop"),
            PreRestart = (_, e, m) => events.Ref.Tell($"PreRestart {e.Message} {m}"),
            PostRestart = (_, e) => events.Ref.Tell($"PostRestart {e.Message}"),
        }));
        child.Tell("a");
        child.Tell("fail");
        child.Tell("b");
        foreach (var expected in new[]
                 {
                     "construct", "PreStart", "a", "PreRestart boom fail", "PostStop", "construct", "PostRestart boom", "PreStart", "b",
                 })
            await events.Expect(expected);
    }
}

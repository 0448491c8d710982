using Akka.Actor;

namespace Ouroboros.Tests.Engine;

/// <summary>What tests of supervision share: actors that tell a probe about every step of their lives.</summary>
public abstract class SupervisionTest : ActorTest
{
    protected static readonly string[] Restart = ["PreRestart boom fail", "PostStop", "construct", "PostRestart boom", "PreStart"];

    /// <summary>An actor that tells the probe everything; fails when told to, otherwise answers.</summary>
    protected static Props Reporting(Probe events, string prefix = "", SupervisorStrategy? strategy = null, Props? child = null) =>
        Scripted.Props((c, m) =>
        {
            switch (m)
            {
                case Exception e:
                    throw e;
                case "fail":
                    throw new InvalidOperationException("boom");
                case ToChild to:
                    c.Child("child").Forward(to.Message);
                    break;
                default:
                    events.Ref.Tell($"{prefix}{m}");
                    break;
            }
        }, new Scripted.Hooks
        {
            OnConstruct = _ => events.Ref.Tell($"{prefix}construct"),
            PreStart = c =>
            {
                events.Ref.Tell($"{prefix}PreStart");
                if (child is not null) c.ActorOf(child, "child");
            },
            PostStop = _ => events.Ref.Tell($"{prefix}PostStop"),
            PreRestart = (_, e, m) => events.Ref.Tell($"{prefix}PreRestart {e.Message} {m}"),
            PostRestart = (_, e) => events.Ref.Tell($"{prefix}PostRestart {e.Message}"),
            Strategy = strategy,
        });

    /// <summary>Forwards everything to its child.</summary>
    protected IActorRef ParentOf(Props child, SupervisorStrategy strategy) => System.ActorOf(Scripted.Props(
        (c, m) => c.Child("child").Forward(m),
        new Scripted.Hooks { PreStart = c => c.ActorOf(child, "child"), Strategy = strategy }));

    protected static async Task ExpectAll(Probe events, params string[] expected)
    {
        foreach (var one in expected) await events.Expect(one);
    }

    protected sealed record ToChild(object Message);
}

using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class AskTimeoutSettingTests : ActorTest
{
    protected override string Hocon => "akka.actor.ask-timeout = 20 ms";

    [Test]
    public void An_ask_without_timeout_of_its_own_takes_the_configured_one()
    {
        var silent = Act((_, _) => { });
        Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<object>("hello"));
    }
}

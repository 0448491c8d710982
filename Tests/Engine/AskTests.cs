using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class AskTests : ActorTest
{
    [Test]
    public async Task Ask_gives_the_answer()
    {
        var echo = Act((c, m) => c.Sender.Tell(m, c.Self));
        Assert.That(await echo.Ask<string>("hello", Patience), Is.EqualTo("hello"));
        Assert.That(await echo.Ask("untyped", Patience), Is.EqualTo("untyped"));
    }

    [Test]
    public void Ask_without_answer_fails_with_AskTimeoutException()
    {
        var silent = Act((_, _) => { });
        Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<object>("hello", TimeSpan.FromMilliseconds(20)));
    }

    [Test]
    public async Task An_actor_that_asks_another_may_pipe_the_answer_to_itself()
    {
        var probe = NewProbe();
        var echo = Act((c, m) => c.Sender.Tell(m, c.Self));
        await probe.Run(c => echo.Ask<string>("x", Patience).PipeTo(c.Self, success: s => s + s));
        await probe.Expect("xx");
    }
}

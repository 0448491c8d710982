using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class AskTests : ActorTest
{
    private IActorRef Echo() => Act((c, m) => c.Sender.Tell(m, c.Self));

    private IActorRef Silent() => Act((_, _) => { });

    [Test]
    public async Task Ask_gives_the_answer()
    {
        var echo = Echo();
        Assert.That(await echo.Ask<string>("hello", Patience), Is.EqualTo("hello"));
        Assert.That(await echo.Ask("untyped", Patience), Is.EqualTo("untyped"));
        Assert.That(await echo.Ask<int>(7, CancellationToken.None), Is.EqualTo(7));
        Assert.That(await echo.Ask<object>(7, Patience, CancellationToken.None), Is.EqualTo(7));
    }

    [Test]
    public void Ask_without_answer_fails_with_AskTimeoutException() =>
        Assert.ThrowsAsync<AskTimeoutException>(() => Silent().Ask<object>("hello", TimeSpan.FromMilliseconds(20)));

    [Test]
    public void A_cancelled_ask_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        var asked = Silent().Ask<object>("hello", Patience, source.Token);
        source.Cancel();
        Assert.ThrowsAsync<TaskCanceledException>(() => asked);
        Assert.ThrowsAsync<TaskCanceledException>(() => Silent().Ask<object>("hello", new CancellationToken(true)));
    }

    [Test]
    public void The_answer_Status_Failure_is_thrown()
    {
        var failing = Act((c, _) => c.Sender.Tell(new Status.Failure(new InvalidOperationException("no")), c.Self));
        var thrown = Assert.ThrowsAsync<InvalidOperationException>(() => failing.Ask<string>("x", Patience));
        Assert.That(thrown!.Message, Is.EqualTo("no"));
        Assert.ThrowsAsync<InvalidOperationException>(() => failing.Ask<object>("x", Patience));
        Assert.ThrowsAsync<InvalidOperationException>(() => failing.Ask<int?>("x", Patience));
    }

    [Test]
    public void A_Status_Failure_without_a_cause_cancels_the_ask()
    {
        var failing = Act((c, _) => c.Sender.Tell(new Status.Failure(null!), c.Self));
        Assert.ThrowsAsync<TaskCanceledException>(() => failing.Ask<object>("x", Patience));
    }

    [Test]
    public async Task Whoever_asks_for_a_status_gets_Status_Failure_as_the_answer()
    {
        var failing = Act((c, _) => c.Sender.Tell(new Status.Failure(new InvalidOperationException("no")), c.Self));
        Assert.That(await failing.Ask<Status>("x", Patience), Is.InstanceOf<Status.Failure>());
        Assert.That(await failing.Ask<Status.Failure>("x", Patience), Is.InstanceOf<Status.Failure>());
        Assert.ThrowsAsync<ArgumentException>(() => failing.Ask<Status.Success>("x", Patience));
    }

    [Test]
    public async Task Status_Success_and_an_exception_are_answers_like_any_other()
    {
        var echo = Echo();
        Assert.That(await echo.Ask<object>(new Status.Success("done"), Patience), Is.InstanceOf<Status.Success>());
        Assert.That(await echo.Ask<Exception>(new InvalidOperationException("no"), Patience), Is.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void An_answer_of_another_type_fails_the_ask() => Assert.ThrowsAsync<ArgumentException>(() => Echo().Ask<int>("text", Patience));

    [Test]
    public async Task A_second_answer_is_a_dead_letter()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var twice = Act((c, m) =>
        {
            c.Sender.Tell("first", c.Self);
            c.Sender.Tell("second", c.Self);
        });
        Assert.That(await twice.Ask<string>("x", Patience), Is.EqualTo("first"));
        await probe.Expect<DeadLetter>(d => d.Message is "second");
    }

    [Test]
    public async Task The_question_may_hold_the_asker()
    {
        var actor = Act((_, m) => ((IActorRef)m).Tell("to you"));
        Assert.That(await actor.Ask<string>(asker => asker, Patience, CancellationToken.None), Is.EqualTo("to you"));
    }

    [Test]
    public async Task The_asker_is_a_temporary_actor()
    {
        var actor = Act((c, _) => c.Sender.Tell(c.Sender.Path.ToStringWithoutAddress()));
        Assert.That(await actor.Ask<string>("x", Patience), Does.StartWith("/temp/"));
    }

    [Test]
    public async Task A_selection_can_be_asked()
    {
        Act((c, m) => c.Sender.Tell(m, c.Self), "echo");
        Assert.That(await System.ActorSelection("/user/echo").Ask<string>("x", Patience), Is.EqualTo("x"));
    }

    [Test]
    public void Nobody_cannot_be_asked() => Assert.Catch(() => ActorRefs.Nobody.Ask<object>("x", TimeSpan.FromMilliseconds(1)));

    [Test]
    public async Task Many_asks_at_once_all_get_their_own_answer()
    {
        var echo = Echo();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => echo.Ask<int>(i, Patience)));
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 5000)));
    }
}

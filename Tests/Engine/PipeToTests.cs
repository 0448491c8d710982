using Akka.Actor;

namespace Ouroboros.Tests.Engine;

public sealed class PipeToTests : ActorTest
{
    [Test]
    public async Task The_result_of_a_task_is_sent()
    {
        var probe = NewProbe();
        var sender = NewProbe().Ref;
        await Task.FromResult(7).PipeTo(probe.Ref, sender);
        await probe.Expect(7);
        Assert.That(probe.LastSender, Is.EqualTo(sender));
        await Task.FromResult(7).PipeTo(probe.Ref);
        await probe.Expect(7);
        Assert.That(probe.LastSender, Is.EqualTo(System.DeadLetters));
        await ValueTask.FromResult(8).PipeTo(probe.Ref);
        await probe.Expect(8);
    }

    [Test]
    public async Task The_failure_of_a_task_is_sent_as_Status_Failure()
    {
        var probe = NewProbe();
        var cause = new InvalidOperationException("no");
        await Task.FromException<int>(cause).PipeTo(probe.Ref);
        await probe.Expect<Status.Failure>(f => ReferenceEquals(f.Cause, cause));
        await Task.FromException(cause).PipeTo(probe.Ref);
        await probe.Expect<Status.Failure>(f => ReferenceEquals(f.Cause, cause));
        await Task.FromCanceled<int>(new CancellationToken(true)).PipeTo(probe.Ref);
        await probe.Expect<Status.Failure>(f => f.Cause is TaskCanceledException);
    }

    [Test]
    public async Task Result_and_failure_can_be_mapped()
    {
        var probe = NewProbe();
        await Task.FromResult(7).PipeTo(probe.Ref, success: i => $"got {i}", failure: e => e.Message);
        await probe.Expect("got 7");
        var failed = Task.FromException<int>(new InvalidOperationException("no"));
        await failed.PipeTo(probe.Ref, success: i => $"got {i}", failure: e => e.Message);
        await probe.Expect("no");
    }

    [Test]
    public async Task A_task_without_result_sends_something_only_when_told_what()
    {
        var probe = NewProbe();
        await Task.CompletedTask.PipeTo(probe.Ref);
        await Task.CompletedTask.PipeTo(probe.Ref, success: () => "done");
        await probe.Expect("done");
        await ValueTask.CompletedTask.PipeTo(probe.Ref, success: () => "done");
        await probe.Expect("done");
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

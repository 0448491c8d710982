using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class DeadLetterTests : ActorTest
{
    private sealed record Unimportant : IDeadLetterSuppression;

    private async Task<IActorRef> Gone()
    {
        var actor = Act((_, _) => { });
        await actor.GracefulStop(Patience);
        return actor;
    }

    [Test]
    public async Task A_message_to_an_actor_that_has_stopped_is_a_dead_letter()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var gone = await Gone();
        gone.Tell("x", probe.Ref);
        await probe.Expect<DeadLetter>(d => d.Message is "x" && d.Sender.Equals(probe.Ref) && d.Recipient.Equals(gone));
        gone.Tell("y", ActorRefs.NoSender);
        await probe.Expect<DeadLetter>(d => d.Message is "y" && d.Sender.Equals(System.DeadLetters));
    }

    [Test]
    public async Task What_is_sent_to_dead_letters_is_a_dead_letter()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        System.DeadLetters.Tell("x", probe.Ref);
        await probe.Expect<DeadLetter>(d => d.Message is "x" && d.Recipient.Equals(System.DeadLetters));
        var letter = new DeadLetter("inner", probe.Ref, probe.Ref);
        System.DeadLetters.Tell(letter);
        Assert.That(await probe.Expect<DeadLetter>(), Is.SameAs(letter));
    }

    [Test]
    public async Task A_message_that_is_marked_becomes_a_suppressed_dead_letter()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(AllDeadLetters));
        var gone = await Gone();
        gone.Tell(new Unimportant(), probe.Ref);
        var suppressed = await probe.Fish<SuppressedDeadLetter>(s => s.Message is Unimportant);
        Assert.That(suppressed.Sender, Is.EqualTo(probe.Ref));
        gone.Tell(PoisonPill.Instance);
        await probe.Fish<SuppressedDeadLetter>(s => s.Message is PoisonPill);
    }

    [Test]
    public async Task Identify_of_an_actor_that_has_stopped_is_answered_without_subject()
    {
        var gone = await Gone();
        var identity = await gone.Ask<ActorIdentity>(new Identify(1), Patience);
        Assert.That(identity.Subject.IsNobody(), Is.True);
    }

    [Test]
    public async Task A_dead_letter_can_be_unwrapped()
    {
        var letter = new DeadLetter("x", System.DeadLetters, System.DeadLetters);
        Assert.That(WrappedMessage.Unwrap(letter), Is.EqualTo("x"));
        Assert.That(WrappedMessage.Unwrap("y"), Is.EqualTo("y"));
        await Task.CompletedTask;
    }
}

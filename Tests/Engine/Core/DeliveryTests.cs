using Akka.Actor;

namespace Ouroboros.Tests.Engine.Core;

/// <summary>The engine promises more than Akka.NET, which may lose what is sent in the moment in which an actor stops.</summary>
public sealed class DeliveryTests : ActorTest
{
    private sealed record Numbered(int Sender, int Number);

    [Test]
    public async Task What_is_sent_while_an_actor_stops_is_handled_or_a_dead_letter()
    {
        const int Rounds = 200, Count = 200;
        var dead = 0;
        var listener = Act((_, m) =>
        {
            if (m is Akka.Event.DeadLetter { Message: Numbered }) dead++;
        });
        System.EventStream.Subscribe(listener, typeof(Akka.Event.DeadLetter));
        var handled = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var actor = Act((c, m) =>
            {
                Interlocked.Increment(ref handled);
                if (((Numbered)m).Number == Count / 4) c.Stop(c.Self);
            });
            await Task.Run(() =>
            {
                for (var i = 0; i < Count; i++) actor.Tell(new Numbered(0, i), ActorRefs.NoSender);
            });
            await Stopped(actor);
        }
        await Drained(listener);
        Assert.That(handled + dead, Is.EqualTo(Rounds * Count));
    }
}

using Akka.Actor;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>Reads one message of a flow for an actor. The packet is given back before the actor is told, so that none is lost with it.</summary>
internal static class MessageReader
{
    /// <summary>Tells the actor <see cref="Message"/> or <see cref="Ended"/>, unless cancelled.</summary>
    public static async Task ReadAsync(LowerFlow flow, int maxLength, IActorRef actor, CancellationToken cancellationToken)
    {
        try
        {
            var packet = await flow.Endpoint.ReadPacketAsync(cancellationToken).ConfigureAwait(false);
            byte[] data;
            try
            {
                // One byte more than any message has: refused as too long, without holding what somebody chose to send.
                data = packet.Span[..Math.Min(packet.Length, maxLength + 1)].ToArray();
            }
            finally
            {
                packet.Dispose();
            }
            actor.Tell(new Message(flow.Id, data), ActorRefs.NoSender);
        }
        catch (OperationCanceledException)
        {
            // The actor ends.
        }
        catch (FlowException)
        {
            actor.Tell(new Ended(flow.Id), ActorRefs.NoSender);
        }
    }

    /// <summary>What came.</summary>
    public sealed record Message(int Flow, byte[] Data);

    /// <summary>The flow ended first.</summary>
    public sealed record Ended(int Flow);
}

using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Irmd.Registry;

/// <summary>A command that an IPCP has been given and has not answered.</summary>
/// <param name="Client">Who waits for the result; <c>Nobody</c> when the IRMd sent it on its own account.</param>
/// <param name="Ipcp">Which IPCP.</param>
/// <param name="Deadline">When it is given up.</param>
/// <param name="Completed">What to do with the answer; returns the result for the client. Given the IRMd that got it, which may not be the one that asked.</param>
/// <param name="Enters">It brings the IPCP into a layer, which it then is in, however late it answers.</param>
internal sealed record PendingCommand(
    IActorRef Client, IpcpEntry Ipcp, Deadline Deadline, Func<IrmdActor, IpcpProtocol.Answer, object> Completed, bool Enters)
{
    /// <summary>The client has been told that there was no answer in time.</summary>
    public bool Late { get; set; }
}

using Akka.Actor;
using Ouroboros.Layers.Rib;
using Ouroboros.Runtime.Inspection;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <summary>An application of the runtime's own process: its requests are messages to the IRMd.</summary>
internal sealed class InProcessHost(IrmdHandle irmd, Credentials credentials, int processId, ApplicationRib shown, RibTree rib) : IApplicationHost
{
    private readonly IrmClient _irm = new(irmd, credentials);

    public CancellationToken Stopped => irmd.Stopped;

    public void Submit(FlowRequest request)
    {
        if (irmd.Stopped.IsCancellationRequested) throw new FlowException(FlowError.IrmdUnreachable, "the runtime has been stopped; start it again");
        irmd.Current.Tell(request, ActorRefs.NoSender);
    }

    public void GiveUp(FlowRequest request) => irmd.Current.Tell(new FlowProtocol.GivenUp(request), ActorRefs.NoSender);

    public Task BindAsync(string name, CancellationToken cancellationToken) => _irm.BindProcessAsync(processId, name, cancellationToken);

    public Task DetachAsync()
    {
        rib.Remove(shown.Name, shown);
        return _irm.Ask<IrmProtocol.Done>(new IrmProtocol.Detach(credentials, processId), CancellationToken.None);
    }
}

using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Irmd;

/// <content>Direct flows: two applications of one trust domain, no layer; this actor holds both ends.</content>
internal sealed partial class FlowActor
{
    /// <summary>Maximum packet lifetime of a direct flow (reference: 1 ms).</summary>
    private static readonly TimeSpan DirectMpl = TimeSpan.FromMilliseconds(1);

    private bool _ownReleased;
    private bool _clientReleased;

    private void OnDirectRequest(FlowProtocol.DirectRequest message)
    {
        var accept = _own!;
        if (_entry.State != FlowState.AcceptPending || accept.Task.IsCompleted)
        {
            // It timed out or was given up while the request was on its way here.
            _irmd.Tell(new FlowProtocol.Undelivered(message.Request), Self);
            if (_entry.State == FlowState.AcceptPending) Withdraw();
            return;
        }
        Timers.Cancel(DeadlineKey);
        var client = _client = message.Request;
        try
        {
            var (request, state) = _services.Security.Begin(message.Name);
            var response = _services.Security.Serve(message.Name, request);
            _services.Security.Complete(message.Name, state, response);
        }
        catch (FlowException e)
        {
            // Both ends get the real reason, and neither is left with half a flow.
            accept.Fail(e.Error, e.Message);
            client.Fail(e.Error, e.Message);
            End();
            return;
        }
        _entry.Mpl = DirectMpl;
        _entry.Direct = true;
        EndpointLink.Connect(client.Endpoint, accept.Endpoint);
        client.Endpoint.Qos = accept.Endpoint.Qos = _entry.Qos;
        _entry.State = FlowState.Allocated;
        if (!Grant(accept, DirectMpl, client.Uid))
        {
            _irmd.Tell(new FlowProtocol.Undelivered(client), Self);
            _client = null;
            Withdraw();
            return;
        }
        if (Grant(client, DirectMpl, _entry.Uid)) return;
        // The caller gave up in the last moment: the acceptor has a flow whose other end is released.
        client.Endpoint.Close();
        ReleaseDirect(client.Endpoint);
    }

    private void ReleaseDirect(FlowEndpoint endpoint)
    {
        if (endpoint == _own!.Endpoint) _ownReleased = true;
        else if (endpoint == _client?.Endpoint) _clientReleased = true;
        if (_ownReleased && _clientReleased) End();
        else if (_ownReleased || _clientReleased) _entry.State = FlowState.DeallocPending;
    }
}

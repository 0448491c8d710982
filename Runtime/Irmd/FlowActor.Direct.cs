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
        var client = message.Request;
        if (_entry.State != FlowState.AcceptPending || !_setup!.Own.TryClaim())
        {
            // It timed out or was given up while the request was on its way here.
            _irmd.Tell(new FlowProtocol.Undelivered(_entry, client), Self);
            if (_entry.State == FlowState.AcceptPending) Withdraw();
            return;
        }
        var accept = _setup.Own;
        if (!client.TryClaim())
        {
            accept.Unclaim();
            _irmd.Tell(new FlowProtocol.StillWaiting(_entry), Self);
            return;
        }
        _entry.Taken = true;
        _setup.Client = client;
        StopTimer();
        try
        {
            if (_services.Security.CoversDirectFlows)
            {
                var (request, state) = _services.Security.Begin(message.Name);
                var response = _services.Security.Serve(message.Name, request);
                _services.Security.Complete(message.Name, state, response);
            }
        }
        catch (FlowException e)
        {
            // Both ends get the real reason, and neither is left with half a flow.
            _setup.Fail(e.Error, e.Message);
            End();
            return;
        }
        _entry.Mpl = DirectMpl;
        _own = accept.Endpoint;
        _client = client.Endpoint;
        _clientProcess = client.ProcessId;
        _client.Qos = _own.Qos = _entry.Qos;
        if (!_entry.Qos.IsRaw)
        {
            _client.Start(_services.StagesOf(DirectMpl));
            _own.Start(_services.StagesOf(DirectMpl));
        }
        EndpointLink.Connect(_client, _own);
        _entry.State = FlowState.Allocated;
        // Both are claimed, so neither has given up; only the end of the runtime can be faster.
        var accepted = Grant(accept, DirectMpl, client.Uid);
        var allocated = Grant(client, DirectMpl, _entry.Uid);
        SetUp();
        if (!accepted) Close(_own);
        if (!allocated) Close(_client);
    }

    private void ReleaseDirect(FlowEndpoint endpoint)
    {
        if (endpoint == _own) _ownReleased = true;
        else if (endpoint == _client) _clientReleased = true;
        if (_ownReleased && _clientReleased) End();
        else if (_ownReleased || _clientReleased) _entry.State = FlowState.DeallocPending;
    }
}

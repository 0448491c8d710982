using Ouroboros.Crypto.Algorithms;
using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;
using Ouroboros.Runtime.Security.Handshakes;

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
        var security = _services.Security;
        if (_entry.State != FlowState.AcceptPending || (security.IsPlain(message.Name, FlowSide.Client) && security.IsPlain(message.Name, FlowSide.Server)))
        {
            // Without anything configured there is nothing that two ends in one process could find out about each other.
            JoinEnds(message, FlowProtection.None, FlowProtection.None);
            return;
        }
        StopTimer();
        _setup!.Direct = message;
        StartHandshake(new Handshake(HandshakeKind.Direct, message.Name, Self, HandshakeDeadline(message.Request.Deadline)));
    }

    private void JoinEnds(FlowProtocol.DirectRequest message, FlowProtection ownProtection, FlowProtection clientProtection)
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
            WaitOn();
            return;
        }
        _entry.Taken = true;
        _setup.Client = client;
        StopTimer();
        _entry.Mpl = DirectMpl;
        _own = accept.Endpoint;
        _client = client.Endpoint;
        _clientProcess = client.ProcessId;
        _client.Qos = _own.Qos = _entry.Qos;
        if (!_entry.Qos.IsRaw || ownProtection.Algorithm != CipherAlgorithm.None)
        {
            _client.Start(_services.StagesOf(DirectMpl, clientProtection.TakeCipher()));
            _own.Start(_services.StagesOf(DirectMpl, ownProtection.TakeCipher()));
        }
        EndpointLink.Connect(_client, _own);
        _entry.State = FlowState.Allocated;
        // Both are claimed, so neither has given up; only the end of the runtime can be faster.
        var accepted = Grant(accept, DirectMpl, client.Uid, ownProtection);
        var allocated = Grant(client, DirectMpl, _entry.Uid, clientProtection);
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

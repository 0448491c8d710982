using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;
using Ouroboros.Runtime.Security.Handshakes;

namespace Ouroboros.Runtime.Irmd;

/// <content>
/// The handshake of a flow. What takes no keys and no certificates is done here at once; for the rest a saga is asked, and the flow stays in its
/// state until that answers.
/// </content>
internal sealed partial class FlowActor
{
    /// <summary>What a saga may be late with its own time-out, which is the better answer.</summary>
    private static readonly TimeSpan HandshakeGrace = TimeSpan.FromSeconds(1);

    private void StartHandshake(Handshake handshake)
    {
        _setup!.Handshake = handshake;
        if (_setup.Own is AcceptRequest) StartTimer(handshake.Deadline.Remaining + HandshakeGrace);
        _services.Oap.Tell(new OapProtocol.Start(handshake), Self);
    }

    private Deadline HandshakeDeadline(Deadline atMost = default)
    {
        var (longest, left) = (_services.Config.Security.HandshakeTimeout, atMost.Remaining);
        return Deadline.After(_services.Time, left != Timeout.InfiniteTimeSpan && left < longest ? left : longest);
    }

    private void OnHandshakeReady(OapProtocol.Ready message)
    {
        if (_entry.State != FlowState.Init || _setup?.Handshake != message.Handshake) return;
        SendAllocate(_setup.Chosen!, message.Handshake.Request, message.Handshake.MayEncrypt);
    }

    private void OnHandshakeDone(OapProtocol.Done message)
    {
        var handshake = message.Handshake;
        if (_setup is not { } setup || setup.Handshake != handshake || _entry.State == FlowState.Deallocated)
        {
            handshake.Close();
            return;
        }
        setup.Handshake = null;
        try
        {
            switch (handshake.Kind)
            {
                case HandshakeKind.Client when message.Failure is { } failure:
                    RefuseAllocation(failure);
                    break;
                case HandshakeKind.Client:
                    CompleteAllocation(handshake.Take().Own);
                    break;
                case HandshakeKind.Server when message.Overloaded:
                    TurnAwayUnanswered(FlowError.CryptoFailed);
                    WaitOn();
                    break;
                case HandshakeKind.Server when message.Failure is { } failure:
                    RefuseRequest(failure);
                    break;
                case HandshakeKind.Server:
                    AcceptRequest(handshake.Take().Own);
                    break;
                case HandshakeKind.Direct:
                    OnDirectDone(message);
                    break;
            }
        }
        finally
        {
            handshake.Close();
        }
    }

    private void OnDirectDone(OapProtocol.Done message)
    {
        var request = _setup!.Direct!;
        _setup.Direct = null;
        if (message.Failure is { } failure)
        {
            // Both ends get the real reason, and neither is left with half a flow; who has no more time hears that.
            request.Request.Fail(request.Request.Deadline.HasPassed ? FlowError.TimedOut : failure.Error, failure.Message);
            _setup.Own.Fail(failure.Error, failure.Message);
            End();
            return;
        }
        var (own, client) = message.Handshake.Take();
        using (own)
        using (client) JoinEnds(request, own, client!);
    }

    /// <summary>A request that a layer brought and that has not been answered is refused; the acceptor has done nothing wrong.</summary>
    private void TurnAwayUnanswered(FlowError error)
    {
        if (_setup?.Unanswered is not { } message) return;
        _setup.Unanswered = null;
        message.Ipcp.Tell(new IpcpProtocol.RespondFlow(message.Request.Request, 0, null, error, default, ActorRefs.Nobody), ActorRefs.NoSender);
    }

    /// <summary>The accept is in line again.</summary>
    private void WaitOn()
    {
        _entry.State = FlowState.AcceptPending;
        StartTimer(_setup!.Own.Deadline.Remaining);
        _irmd.Tell(new FlowProtocol.StillWaiting(_entry), Self);
    }

    /// <summary>The client of a direct flow does not wait for its handshake; the acceptor waits for another.</summary>
    private void LeaveHandshake(AllocateRequest request, string reason)
    {
        request.Fail(FlowError.BrokenPipe, reason);
        _setup!.Direct = null;
        _setup.CloseHandshake();
        WaitOn();
    }

    /// <summary>The acceptor is gone in the middle of a handshake.</summary>
    private void GiveUpHandshake()
    {
        if (_setup?.Handshake is not { } handshake) return;
        _setup.Handshake = null;
        handshake.Close();
        TurnAwayUnanswered(FlowError.IpcpFailed);
        if (_setup.Direct is not { } direct) return;
        _setup.Direct = null;
        _irmd.Tell(new FlowProtocol.Undelivered(_entry, direct.Request), Self);
    }
}

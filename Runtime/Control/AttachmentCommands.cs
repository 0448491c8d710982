using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// The commands of applications in other processes, as our own client sends them: announce, allocate, accept, join. The connection of an
/// announcement is the life of the application, that of a flow carries its packets; closing it is exit and deallocation. A client that
/// does not know the extensions would look for shared memory, so it gets nothing here.
/// </summary>
internal sealed class AttachmentCommands(OuroborosRuntime runtime)
{
    private readonly AttachedApplications _applications = new(runtime.Time);

    /// <summary>Carries a request out; null when it is none of these.</summary>
    public async Task<ControlAnswer?> TryRunAsync(IrmMsg request, Replies replies, Credentials caller, CancellationToken stop)
    {
        if (!replies.Extended) return null;
        switch (request.Code)
        {
            case IrmCode.ProcAnnounce:
                if (!request.HasProg || request.Prog.Length == 0) throw new FlowException(FlowError.InvalidArgument, "the request has no program");
                var application = await runtime.AttachAsync(caller with { Name = request.Prog }, stop).ConfigureAwait(false);
                var announced = replies.Done();
                announced[0].Pid = application.Id;
                return new ControlAnswer(announced, _applications.Add(application, caller));
            case IrmCode.FlowAlloc:
                var allocating = Owner(request, caller);
                var qos = Mapping.FromWire(request.FlowInfo.Qos);
                return Granted(replies, allocating, await allocating.Application.AllocateAsync(Destination(request), qos, Timeout(request), stop).ConfigureAwait(false));
            case IrmCode.FlowAccept:
                var accepting = Owner(request, caller);
                return Granted(replies, accepting, await accepting.Application.AcceptAsync(Timeout(request), stop).ConfigureAwait(false));
            case IrmCode.FlowJoin:
                var joining = Owner(request, caller);
                return Granted(replies, joining, await joining.Application.JoinAsync(Destination(request), Timeout(request), stop).ConfigureAwait(false));
            default:
                return null;
        }
    }

    private static ControlAnswer Granted(Replies replies, AttachedApplication owner, Flow flow)
    {
        var granted = replies.Done();
        granted[0].MaxPacket = (uint)flow.MaxPacketSize;
        granted[0].CipherNid = (int)flow.Cipher;
        if (flow.Peer is not null) granted[0].Peer = flow.Peer;
        granted[0].FlowInfo = new FlowInfoMsg
        {
            Id = (uint)flow.Id,
            NPid = (uint)owner.Application.Id,
            Mpl = (uint)flow.Mpl.TotalMilliseconds,
            State = (uint)Irmd.FlowState.Allocated,
            Qos = Mapping.ToWire(flow.Qos),
            Uid = flow.PeerUid,
        };
        return new ControlAnswer(granted, new FlowConversation(owner, flow));
    }

    private AttachedApplication Owner(IrmMsg request, Credentials caller) => request.FlowInfo is { } info
        ? _applications.Find((int)info.NPid, caller)
        : throw new FlowException(FlowError.InvalidArgument, "the request has no flow");

    private static string Destination(IrmMsg request) =>
        request.Dst.Length > 0 ? request.Dst : throw new FlowException(FlowError.InvalidArgument, "the request has no destination");

    // Absent: the IRMd's default for an allocation, for ever for an accept.
    private static TimeSpan? Timeout(IrmMsg request) => request.Timeo is not { } time
        ? null
        : time.Sec < int.MaxValue / 1000 ? TimeSpan.FromSeconds(time.Sec) + TimeSpan.FromMicroseconds(time.Nsec / 1000) : System.Threading.Timeout.InfiniteTimeSpan;
}

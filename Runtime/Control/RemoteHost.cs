using System.Collections.Concurrent;
using System.Net.Sockets;
using Akka.Actor;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Pool;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// An application attached to a daemon in another process: each request is a connection of its own, which becomes the flow's when it is
/// granted. It owns the announcement's connection, which is the application's life there, and the pool of packets here.
/// </summary>
internal sealed class RemoteHost(ControlClient irm, Socket life, int processId, PacketPool pool, TimeProvider time) : IApplicationHost
{
    // For what was written last before a program ends.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<FlowRequest, CancellationTokenSource> _pending = [];
    private readonly ConcurrentDictionary<SocketLink, Task> _links = [];

    /// <summary>Never: a daemon that goes away ends the connection of each request by itself.</summary>
    public CancellationToken Stopped => CancellationToken.None;

    public void Submit(FlowRequest request)
    {
        var giveUp = new CancellationTokenSource();
        _pending[request] = giveUp;
        _ = CarryOutAsync(request, giveUp.Token);
    }

    public void GiveUp(FlowRequest request)
    {
        if (_pending.TryGetValue(request, out var pending)) pending.Cancel();
    }

    public Task BindAsync(string name, CancellationToken cancellationToken) => irm.BindProcessAsync(processId, name, cancellationToken);

    public async Task DetachAsync()
    {
        foreach (var pending in _pending.Values) await pending.CancelAsync().ConfigureAwait(false);
        using (var late = new CancellationTokenSource(Linger, time))
        {
            await Task.WhenAll(_links.Values).WaitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        foreach (var link in _links.Keys) link.Abort();
        await Task.WhenAll(_links.Values).ConfigureAwait(false);
        life.Dispose();
        pool.Retire();
    }

    private async Task CarryOutAsync(FlowRequest request, CancellationToken giveUp)
    {
        try
        {
            var (connection, reply) = await irm.OpenAsync(Requests.Flow(request), giveUp).ConfigureAwait(false);
            var link = new SocketLink(connection, request.Endpoint, (int)reply.MaxPacket, time);
            _links[link] = link.Completion;
            _ = ForgetAsync(link);
            if (!request.TrySetResult(Grant(reply))) link.Abort();
        }
        catch (OperationCanceledException)
        {
            // Unless the caller has given up, which has completed it already.
            request.Fail(FlowError.BrokenPipe, "the application has been detached");
        }
        catch (Exception e)
        {
            request.TrySetException(e);
        }
        finally
        {
            _pending.TryRemove(request, out _);
        }
    }

    private async Task ForgetAsync(SocketLink link)
    {
        await link.Completion.ConfigureAwait(false);
        _links.TryRemove(link, out _);
    }

    // Closing the connection tells the daemon all that a flow's actor would be told here.
    private static FlowGrant Grant(IrmMsg reply)
    {
        var flow = reply.FlowInfo;
        return new FlowGrant((int)flow.Id, ActorRefs.Nobody, Mapping.FromWire(flow.Qos), TimeSpan.FromMilliseconds(flow.Mpl), flow.Uid)
        {
            Cipher = (CipherAlgorithm)reply.CipherNid,
            Peer = reply.HasPeer ? reply.Peer : null,
        };
    }
}

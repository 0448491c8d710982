using System.Net;
using System.Net.Sockets;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Udp.Dns;

/// <summary>The sockets of one dialogue, one for each family of addresses that its servers have.</summary>
/// <param name="networkNamespace">Where; null = that of the process.</param>
internal sealed class DnsSockets(string? networkNamespace) : IDisposable
{
    private readonly Dictionary<AddressFamily, UdpClient> _sockets = [];
    private readonly List<(UdpClient Socket, Task<UdpReceiveResult> Receive)> _receives = [];

    /// <summary>Sends a datagram; false when that fails at once, e.g. for want of a route.</summary>
    public bool TrySend(ReadOnlySpan<byte> message, IPEndPoint server)
    {
        try
        {
            if (!_sockets.TryGetValue(server.AddressFamily, out var socket)) _sockets[server.AddressFamily] = socket = NetworkNamespace.Run(networkNamespace, () => new UdpClient(0, server.AddressFamily));
            socket.Send(message, server);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits for a datagram on any of them; null when the time is over.</summary>
    public async Task<UdpReceiveResult?> ReceiveAsync(TimeProvider time, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience <= TimeSpan.Zero) return null;
        foreach (var socket in _sockets.Values)
        {
            if (_receives.All(r => r.Socket != socket)) _receives.Add((socket, socket.ReceiveAsync(CancellationToken.None).AsTask()));
        }
        using var cancelTimer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timeout = Task.Delay(patience, time, cancelTimer.Token);
        var first = await Task.WhenAny([timeout, .. _receives.Select(r => r.Receive)]).ConfigureAwait(false);
        await cancelTimer.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == timeout) return null;
        _receives.RemoveAll(r => r.Receive == first);
        try
        {
            return await ((Task<UdpReceiveResult>)first).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The network's word that the server is not there: the next try, or the next server.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets.Values) socket.Dispose();
        // Their ends are nobody's business any more.
        foreach (var (_, receive) in _receives) receive.ContinueWith(static r => r.Exception, TaskScheduler.Default);
    }
}

using System.Buffers;
using System.Net.Sockets;
using Google.Protobuf;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>One client's connection: it owns the socket, knows who the client is, and bounds how long the client may do nothing.</summary>
internal sealed class ControlSession(Socket socket, Credentials caller, TimeSpan patience, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _evicted = new();

    /// <summary>Who it is.</summary>
    public Credentials Caller { get; } = caller;

    /// <summary>The connection, for a conversation.</summary>
    public Socket Socket => socket;

    /// <summary>Its place among the silent ones, null once it has asked.</summary>
    public LinkedListNode<ControlSession>? Silent { get; set; }

    /// <summary>Whether it had to make room for another.</summary>
    public bool WasEvicted => _evicted.IsCancellationRequested;

    /// <summary>Makes it give up waiting for its request.</summary>
    public void Evict() => _evicted.Cancel();

    /// <summary>Waits for the request, without memory for it: a silent client is to cost little.</summary>
    /// <exception cref="OperationCanceledException">It came too late, had to make room, or the daemon stops.</exception>
    public async ValueTask WaitForRequestAsync(CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _evicted.Token, stopping);
        await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, any.Token).ConfigureAwait(false);
    }

    /// <summary>Takes the request that is there; 0 bytes = the client left without one.</summary>
    public int ReceiveRequest(Span<byte> buffer) => socket.Receive(buffer);

    /// <summary>Sends one record.</summary>
    /// <exception cref="OperationCanceledException">The client does not read, or the daemon stops.</exception>
    public async ValueTask SendAsync(IrmMsg reply, CancellationToken stopping)
    {
        var size = reply.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            reply.WriteTo(buffer.AsSpan(0, size));
            using var late = new CancellationTokenSource(patience, time);
            using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
            await socket.SendAsync(buffer.AsMemory(0, size), SocketFlags.None, any.Token).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Completes when the client goes away, or sends more than it may; never fails.</summary>
    public async Task WaitUntilGoneAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One request a connection: whatever comes now ends it as a closed socket does.
            await socket.ReceiveAsync(new byte[1], SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Gone, too.
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _evicted.Dispose();
    }
}

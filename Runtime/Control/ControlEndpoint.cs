using System.Net.Sockets;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// The socket of a daemon from the moment it is decided that no other daemon has it. Clients that connect before a
/// <see cref="ControlServer"/> takes it over wait. It owns the socket file and its lock, and removes both.
/// </summary>
public sealed class ControlEndpoint : IDisposable
{
    private const int Backlog = 128;

    private readonly SocketLock _lock;

    private ControlEndpoint(string path, SocketLock socketLock, Socket listener)
    {
        Path = path;
        _lock = socketLock;
        Listener = listener;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    internal Socket Listener { get; }

    /// <summary>Starts to listen, in place of a socket that nobody listens at any more.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.AlreadyExists"/> when a daemon listens there, <see cref="FlowError.NotPermitted"/> without the right to,
    /// <see cref="FlowError.InvalidArgument"/> when there can be no socket.
    /// </exception>
    public static ControlEndpoint Open(ControlSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var path = ControlProtocol.ResolveSocket(settings.Socket);
        var socketLock = SocketLock.Take(path);
        try
        {
            return new ControlEndpoint(path, socketLock, Listen(path));
        }
        catch
        {
            socketLock.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening and removes the files.</summary>
    public void Dispose()
    {
        Listener.Dispose();
        _lock.Dispose();
    }

    private static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Anybody may ask; what he may change is decided for each command.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
            listener.Listen(Backlog);
            return listener;
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            var denied = e is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied };
            throw new FlowException(
                denied ? FlowError.NotPermitted : FlowError.InvalidArgument,
                $"cannot listen at {path}: {e.Message}; {(denied ? "run the daemon as root, or " : "")}choose another place with --socket", e);
        }
    }
}

using System.Net.Sockets;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// Sole right to listen at a path. A lock file beside the socket says so; the kernel drops the lock with the process, however it ends, so a
/// socket file left behind by a crash is told from one that is in use. Disposing it removes both files.
/// </summary>
internal sealed class SocketLock : IDisposable
{
    private const int OpenAttempts = 100;

    private readonly string _socket;
    private readonly FileStream _file;
    private bool _disposed;

    private SocketLock(string socket, FileStream file)
    {
        _socket = socket;
        _file = file;
    }

    /// <summary>Takes the right, and removes a socket that nobody listens at.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.AlreadyExists"/>: somebody listens there; <see cref="FlowError.NotPermitted"/>: no right to the directory;
    /// <see cref="FlowError.InvalidArgument"/>: no usable path.
    /// </exception>
    public static SocketLock Take(string socket)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(socket));
        FileStream? file = null;
        try
        {
            if (directory is not null) Directory.CreateDirectory(directory);
            file = OpenLock(socket + ".lock") ?? throw InUse(socket);
            RemoveStale(socket);
            return new SocketLock(socket, file);
        }
        catch (UnauthorizedAccessException e)
        {
            Release(file);
            throw new FlowException(
                FlowError.NotPermitted, $"no right to make the socket {socket}: {e.Message} Run the daemon as root, or choose another place with --socket", e);
        }
        catch (IOException e)
        {
            Release(file);
            throw new FlowException(FlowError.InvalidArgument, $"cannot make the socket {socket}: {e.Message}", e);
        }
        catch
        {
            Release(file);
            throw;
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        // In this order: while the lock is held nobody else can have made a socket here.
        File.Delete(_socket);
        Release(_file);
    }

    private static void Release(FileStream? file)
    {
        if (file is null) return;
        File.Delete(file.Name);
        file.Dispose();
    }

    private static FileStream? OpenLock(string path)
    {
        for (var attempt = 0; attempt < OpenAttempts; attempt++)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }
            // Between our opening and locking it the previous owner may have removed the file; a lock on that one is worth nothing.
            if (!WasRemoved(file)) return file;
            file.Dispose();
        }
        return null;
    }

    private static bool WasRemoved(FileStream file) =>
        OperatingSystem.IsLinux()
        && File.ResolveLinkTarget($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", false)?.FullName.EndsWith(" (deleted)", StringComparison.Ordinal) == true;

    private static void RemoveStale(string socket)
    {
        if (!File.Exists(socket)) return;
        if (!IsSocket(socket)) throw new FlowException(FlowError.InvalidArgument, $"{socket} is there and is no socket; remove it, or choose another place with --socket");
        try
        {
            using var probe = Probe(socket);
            throw InUse(socket, PeerCredentials.Of(probe).Pid);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
        {
            throw InUse(socket);
        }
        catch (SocketException e)
        {
            throw new FlowException(
                FlowError.InvalidArgument, $"{socket} is a socket, but none of a daemon ({e.Message}); remove it, or choose another place with --socket", e);
        }
    }

    // A connection to an ordinary file is refused as one to a dead socket is; but only a socket cannot be opened.
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FlowException InUse(string socket)
    {
        try
        {
            using var probe = Probe(socket);
            return InUse(socket, PeerCredentials.Of(probe).Pid);
        }
        catch (SocketException)
        {
            // It is just starting or stopping; only the message is poorer for it.
            return InUse(socket, 0);
        }
    }

    private static FlowException InUse(string socket, int pid) => new(
        FlowError.AlreadyExists,
        $"a daemon{(pid > 0 ? $" (pid {pid})" : "")} listens at {socket} already; stop it first, or choose another socket with --socket");

    private static Socket Probe(string socket)
    {
        var probe = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socket));
            return probe;
        }
        catch
        {
            probe.Dispose();
            throw;
        }
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using Ouroboros.Pool.Interop;

namespace Ouroboros.Pool;

/// <summary>
/// A file of shared memory under a well-known name, from its making to its removal. It appears under that name complete, and stays
/// locked as long as its maker lives; so a file that can be locked is a dead instance's, and is replaced.
/// </summary>
internal sealed unsafe class SharedFile : IDisposable
{
    private const int Attempts = 20;

    private static int s_made;

    private readonly string _path;
    private readonly EventHandler _atExit;
    private int _fd;
    private bool _published;

    private SharedFile(string path, int fd)
    {
        _path = path;
        _fd = fd;

        // A program that ends leaves no file behind, even if it forgets its pools; one that a signal kills leaves a dead one.
        _atExit = (_, _) => Dispose();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
    }

    public string Path => _path;

    /// <summary>Makes the file and gives it its name.</summary>
    /// <param name="path">Where.</param>
    /// <param name="size">Bytes; they are zero and use no memory until they are written.</param>
    /// <param name="header">First bytes, there from the moment that the name exists.</param>
    /// <param name="uid">Owner.</param>
    /// <param name="gid">Group; null leaves the maker's.</param>
    /// <param name="mode">Exact, whatever the umask.</param>
    /// <param name="warnings">Receives what could not be done but is no failure.</param>
    /// <param name="address">Where it is mapped.</param>
    public static SharedFile Make(
        string path, long size, ReadOnlySpan<byte> header, uint uid, uint? gid, uint mode, List<string> warnings, out nint address)
    {
        string draft = $"{path}.{Environment.ProcessId}.{Interlocked.Increment(ref s_made)}";
        int fd = Libc.Open(draft, Libc.ReadWrite | Libc.Create | Libc.Exclusive | Libc.NoFollow | Libc.CloseOnExec, 0x180);
        if (fd < 0) throw Fail(FlowError.NotPermitted, $"cannot make {draft}: {Libc.LastError}");
        var file = new SharedFile(path, fd);
        address = -1;
        try
        {
            // The lock comes before the name: nobody can find the file unlocked while we live.
            if (Libc.Lock(fd, Libc.LockExclusiveNow) != 0) warnings.Add($"cannot lock {path}: {Libc.LastError}");
            if (Libc.Truncate(fd, size) != 0) throw Fail(FlowError.OutOfMemory, $"cannot give {path} {size} bytes: {Libc.LastError}");
            if (Libc.ChangeOwner(fd, uid, gid ?? uint.MaxValue) != 0)
                warnings.Add($"{path} cannot be given to {uid}:{Name(gid)}, processes of that owner cannot open it: {Libc.LastError}");
            if (Libc.ChangeMode(fd, mode) != 0) warnings.Add($"cannot set the mode of {path}: {Libc.LastError}");
            address = Libc.Map(0, (nuint)size, Libc.ProtReadWrite, Libc.MapShared, fd, 0);
            if (address == -1) throw Fail(FlowError.OutOfMemory, $"cannot map {path}: {Libc.LastError}");
            header.CopyTo(new Span<byte>((void*)address, header.Length));
            file.Publish(draft);
        }
        catch
        {
            if (address != -1) _ = Libc.Unmap(address, (nuint)size);
            file.Dispose();
            throw;
        }
        finally
        {
            _ = Libc.Unlink(draft);
        }
        return file;
    }

    /// <summary>Takes the name away; who has the file open keeps it.</summary>
    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd < 0) return;
        AppDomain.CurrentDomain.ProcessExit -= _atExit;

        // The name before the lock: once the file is unlocked another instance may put its own under that name.
        if (_published) _ = Libc.Unlink(_path);
        _ = Libc.Close(fd);
    }

    private static string Name(uint? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "(same group)";

    private static FlowException Fail(FlowError error, string message) => new(error, message);

    private void Publish(string draft)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (Libc.Link(draft, _path) == 0)
            {
                _published = true;
                return;
            }
            if (Marshal.GetLastPInvokeError() != Libc.Eexist)
                throw Fail(FlowError.NotPermitted, $"cannot make {_path}: {Libc.LastError}");
            RemoveDead();

            // Somebody else may be replacing the same dead file now.
            Thread.Yield();
        }
        throw Fail(FlowError.AlreadyExists, $"{_path} appears again and again; another instance starts at the same time");
    }

    /// <summary>Removes a file whose maker has died; throws when it lives, or when the file is nobody's we know.</summary>
    private void RemoveDead()
    {
        int fd = Libc.Open(_path, Libc.ReadWrite | Libc.NoFollow | Libc.CloseOnExec, 0);
        if (fd < 0)
        {
            if (Marshal.GetLastPInvokeError() == Libc.Enoent) return;
            throw Fail(FlowError.NotPermitted, $"{_path} is there and cannot be opened: {Libc.LastError}; remove it, or choose another ouroboros.pool.prefix");
        }
        try
        {
            PoolHeader header;
            bool known = Libc.ReadAt(fd, (byte*)&header, (nuint)sizeof(PoolHeader), 0) == sizeof(PoolHeader)
                && header.Magic == PoolLayout.Magic;
            if (!known)
            {
                throw Fail(
                    FlowError.AlreadyExists,
                    $"{_path} is not of this implementation; end the program that made it and remove it, or choose another ouroboros.pool.prefix");
            }
            bool locked = Libc.Lock(fd, Libc.LockExclusiveNow) != 0;
            if (locked && Marshal.GetLastPInvokeError() == Libc.Eagain)
                throw Fail(FlowError.AlreadyExists, $"{_path} is in use by process {header.Pid}; end it, or choose another ouroboros.pool.prefix");

            // A file system without locks: believe the number of the process.
            if (locked && Libc.Signal(header.Pid, 0) == 0)
                throw Fail(FlowError.AlreadyExists, $"{_path} was made by process {header.Pid}, which lives; end it, or choose another ouroboros.pool.prefix");

            // While we hold its lock nobody else removes what is under the name, unless it is already another file.
            if (IsSame(fd) && Libc.Unlink(_path) != 0)
                throw Fail(FlowError.NotPermitted, $"{_path} is left over from a dead instance and cannot be removed: {Libc.LastError}");
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    /// <summary>Whether the name still leads to this open file; the system's own name of a removed one ends in "(deleted)".</summary>
    private bool IsSame(int fd)
    {
        int now = Libc.Open(_path, Libc.ReadWrite | Libc.NoFollow | Libc.CloseOnExec, 0);
        if (now < 0) return false;
        try
        {
            return TargetOf(fd) == TargetOf(now);
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            _ = Libc.Close(now);
        }

        static string? TargetOf(int fd) => File.ResolveLinkTarget($"/proc/self/fd/{fd}", returnFinalTarget: false)?.FullName;
    }
}

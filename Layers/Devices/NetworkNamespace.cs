using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Devices;

/// <summary>
/// Opens sockets in another network namespace than the process is in. A socket stays in the namespace of the thread that made it, wherever it is
/// used, so one runtime can have layers in several.
/// </summary>
public static partial class NetworkNamespace
{
    private const string Directory = "/var/run/netns";
    private const int CloseOnExec = 0x80000;
    private const int CloneNewNet = 0x40000000;

    /// <summary>Runs <paramref name="action"/> on a thread in a namespace and returns its result.</summary>
    /// <param name="name">As <c>ip netns</c> lists it; null: right here, on this thread.</param>
    /// <param name="action">Opens what is needed. A thread that it starts stays in the namespace; a task does not run there.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.InvalidArgument"/>: there is no such namespace; <see cref="FlowError.NotPermitted"/>: this user may not enter it.
    /// </exception>
    public static T Run<T>(string? name, Func<T> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (name is null) return action();
        T result = default!;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                result = action();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true, Name = $"netns {name}" };
        thread.Start();
        thread.Join();
        error?.Throw();
        return result;
    }

    /// <summary>Moves this thread for good.</summary>
    private static void Enter(string name)
    {
        if (name.Contains('/') || name is "" or "." or "..") throw Unknown(name);
        var fd = Open(Path.Combine(Directory, name), CloseOnExec, 0);
        if (fd < 0) throw Unknown(name);
        var failed = SetNamespace(fd, CloneNewNet) != 0;
        var reason = Marshal.GetLastPInvokeError();
        _ = Close(fd);
        if (failed) throw new FlowException(FlowError.NotPermitted, $"cannot enter network namespace '{name}': {Marshal.GetPInvokeErrorMessage(reason)}; run with the capability CAP_SYS_ADMIN");
    }

    private static FlowException Unknown(string name) =>
        new(FlowError.InvalidArgument, $"there is no network namespace '{name}' in {Directory}; make it with `ip netns add {name}`");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int fd, int type);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);
}

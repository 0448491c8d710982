using System.Runtime.InteropServices;

namespace Ouroboros;

/// <summary>Who an application or a caller is; decides its trust domain and what it may do.</summary>
/// <param name="Uid">User id; 0 is privileged.</param>
/// <param name="Gid">Group id.</param>
/// <param name="Name">Program name; bindings of programs apply to the processes announced with it.</param>
public sealed partial record Credentials(uint Uid, uint Gid, string Name)
{
    /// <summary>This process's own user and group.</summary>
    /// <param name="name">Program name; that of the process when null.</param>
    public static Credentials Current(string? name = null)
    {
        name ??= Path.GetFileName(Environment.ProcessPath) ?? "unknown";
        return OperatingSystem.IsWindows() ? new Credentials(0, 0, name) : new Credentials(geteuid(), getegid(), name);
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();
}

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.Secrets;

/// <summary>
/// All memory of this process, for those who want no secret to reach swap space: OpenSSL keeps some private keys (ML-KEM, ML-DSA, SLH-DSA) and the key schedules
/// of ciphers in its ordinary heap, which cannot be locked by itself.
/// </summary>
public static partial class ProcessMemory
{
    private const int Current = 1;
    private const int Future = 2;

    // Pages are locked when they are first used: the garbage collector reserves far more than it ever takes.
    private const int OnFault = 4;

    private static readonly Lock Gate = new();

    /// <summary>Whether <see cref="Lock"/> has done it.</summary>
    public static bool IsLocked { get; private set; }

    /// <summary>Locks what the process has and whatever it will have, for as long as it lives. Programs that it starts are not locked.</summary>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    /// <exception cref="Win32Exception">The system does not allow it: it takes CAP_IPC_LOCK or an unlimited RLIMIT_MEMLOCK.</exception>
    public static void Lock()
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("all memory of a process can be locked on Linux only");
        lock (Gate)
        {
            if (IsLocked) return;
            if (mlockall(Current | Future | OnFault) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
            IsLocked = true;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mlockall(int flags);
}

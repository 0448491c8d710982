using System.ComponentModel;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;
using Serilog;

namespace Ouroboros.Runtime.Security;

/// <summary>
/// Has memory for keys made before the first key is read, and says once in a process what the system did not allow. Only <c>lock-memory</c>, which somebody has
/// asked for, keeps a runtime from starting.
/// </summary>
internal static class KeyMemory
{
    /// <summary>Locks all memory if that is wanted; makes OpenSSL's secure heap, unless that has been done or is not wanted.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotPermitted"/>: the memory of this process cannot be locked.</exception>
    public static void Prepare(SecuritySettings settings)
    {
        if (settings.LockMemory) LockAll();
        if (settings.SecureHeap == 0 || !SecureHeap.Start(settings.SecureHeap, Needed(settings))) return;
        // Makes the first slab of own secrets.
        using var first = new SecretBuffer(1);
        var log = Log.ForContext(typeof(KeyMemory));
        if (Complaint(SecureHeap.State, SecureHeap.Size, SecretBuffer.UnlockedBytes) is { } complaint) log.Warning("{Complaint:l}", complaint);
        else log.Debug("Private keys are in OpenSSL's secure heap, {Size} KiB", SecureHeap.Size >> 10);
    }

    private static void LockAll()
    {
        try
        {
            ProcessMemory.Lock();
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException)
        {
            throw new FlowException(
                FlowError.NotPermitted,
                $"ouroboros.security.lock-memory: memory cannot be locked: {e.Message}; give the process CAP_IPC_LOCK or an unlimited RLIMIT_MEMLOCK (LimitMEMLOCK=infinity), or set it to false", e);
        }
    }

    /// <summary>Bytes that the handshakes which may be under way can take, and as much again for keys of names and for random generators.</summary>
    internal static long Needed(SecuritySettings settings) => Math.Max(SecureHeap.Smallest, 2 * 2L * settings.MaxHandshakes * SecureHeap.KeyLength);

    /// <summary>What to tell the administrator; null = nothing.</summary>
    internal static string? Complaint(SecureHeapState state, long size, long unlockedSecrets) => state switch
    {
        SecureHeapState.Unlocked =>
            $"Private keys are in memory that may be swapped out: the system does not lock {size >> 10} KiB for them; raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), lower ouroboros.security.secure-heap or turn swap off",
        SecureHeapState.Unavailable => "Private keys are in OpenSSL's ordinary heap, which may be swapped out and dumped: it has no secure heap here",
        _ when unlockedSecrets != 0 => "Session keys are in memory that may be swapped out: the system does not lock any; raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=) or turn swap off",
        _ => null,
    };
}

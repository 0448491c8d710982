using System.Numerics;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>
/// OpenSSL's secure heap: memory for private keys, locked where the system allows it, left out of core dumps, wiped on release. There is one in a process, for
/// everything in it that uses this OpenSSL, .NET's TLS included; it is made once and never grows. OpenSSL fails where it is full, so keys of handshakes are refused
/// before that. Which keys are in it is OpenSSL's choice: EC, X25519, X448, Diffie-Hellman, RSA, Ed25519, Ed448 and random generators are; ML-KEM, ML-DSA and SLH-DSA
/// are not up to 3.5 (seen with 3.0.22, 3.5.7 and 3.5.9).
/// </summary>
public static class SecureHeap
{
    /// <summary>Least size, bytes.</summary>
    public const long Smallest = 1 << 20;

    /// <summary>Greatest size, bytes.</summary>
    public const long Largest = 1 << 30;

    /// <summary>Bytes that the largest key of a handshake takes: P-521.</summary>
    public const int KeyLength = 128;

    // X25519 and P-256 keys fill it; smaller blocks would serve nothing.
    private const int Block = 32;

    private static readonly Lock Gate = new();
    private static long _size;

    /// <summary>What became of it.</summary>
    public static SecureHeapState State { get; private set; }

    /// <summary>Its size, bytes; 0 = none of ours.</summary>
    public static long Size => Volatile.Read(ref _size);

    /// <summary>Bytes of it in use, by whomever.</summary>
    public static long Used => LibCrypto.Version is null ? 0 : (long)LibCrypto.CRYPTO_secure_used();

    /// <summary>Makes it, unless that has been done in this process. Keys that are there already stay where they are.</summary>
    /// <param name="wanted">Bytes; rounded up to a power of two within <see cref="Smallest"/> and <see cref="Largest"/>.</param>
    /// <param name="needed">As much of it as is enough, if no more can be locked.</param>
    /// <returns>Whether this call has done it; <see cref="State"/> says how it went.</returns>
    public static bool Start(long wanted, long needed = Smallest)
    {
        lock (Gate)
        {
            if (State != SecureHeapState.Off) return false;
            State = Make(wanted, needed);
            return true;
        }
    }

    /// <summary>Which size to ask for: the largest that can be locked and is enough; what was wanted if there is none.</summary>
    internal static long Choose(long wanted, long needed, Func<long, bool> canLock)
    {
        var (most, least) = (PowerOfTwo(Math.Max(wanted, needed)), PowerOfTwo(needed));
        for (var size = most; size >= least; size /= 2)
        {
            if (canLock(size)) return size;
        }
        return most;
    }

    /// <summary>Refuses a key where there is little room left: OpenSSL's random generators live there too and must not fail.</summary>
    /// <exception cref="OpenSslException">Three quarters are in use.</exception>
    internal static void CheckRoom()
    {
        var size = Size;
        if (size != 0 && !HasRoom(size, Used))
        {
            throw new OpenSslException($"no room for another private key in the secure heap of {size >> 10} KiB; raise ouroboros.security.secure-heap or lower max-handshakes");
        }
    }

    /// <summary>Whether another key fits.</summary>
    internal static bool HasRoom(long size, long used) => used <= size - (size / 4);

    private static SecureHeapState Make(long wanted, long needed)
    {
        if (LibCrypto.Version is null) return SecureHeapState.Unavailable;
        if (LibCrypto.CRYPTO_secure_malloc_initialized() == 1) return SecureHeapState.Foreign;
        // It cannot be made smaller afterwards, and to take it away again is not safe while other threads use OpenSSL. Own secrets need to be locked beside it.
        var size = Choose(wanted, needed, bytes => SecretMemory.CanLock(bytes + Smallest));
        var made = LibCrypto.CRYPTO_secure_malloc_init((nuint)size, Block);
        if (made is not (1 or 2))
        {
            LibCrypto.ERR_clear_error();
            return SecureHeapState.Unavailable;
        }
        Volatile.Write(ref _size, size);
        return made == 1 ? SecureHeapState.Locked : SecureHeapState.Unlocked;
    }

    private static long PowerOfTwo(long size) => (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(size, Smallest, Largest));
}

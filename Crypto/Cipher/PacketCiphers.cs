using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Cipher;

/// <summary>Makes the packet cipher that a handshake has agreed on.</summary>
public static class PacketCiphers
{
    /// <summary>Bytes that any cipher puts in front of a packet, at most; head room to leave.</summary>
    public const int MaxHeaderLength = 16;

    /// <summary>Bytes that any cipher puts behind a packet, at most; tail room to leave.</summary>
    public const int MaxTrailerLength = 16;

    /// <summary>Makes a cipher.</summary>
    /// <param name="algorithm">What was agreed on, not <see cref="CipherAlgorithm.None"/>.</param>
    /// <param name="sessionKey">32 bytes; the caller still owns it.</param>
    /// <param name="options">null = rotation of the reference, the system's randomness.</param>
    public static IPacketCipher Create(CipherAlgorithm algorithm, SecretBuffer sessionKey, PacketCipherOptions? options = null)
    {
        options ??= new PacketCipherOptions();
        return algorithm.IsAuthenticated()
            ? new PacketCipher(algorithm, sessionKey, options)
            : new CounterPacketCipher(algorithm, sessionKey, options);
    }
}

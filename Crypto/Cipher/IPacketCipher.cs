namespace Ouroboros.Crypto.Cipher;

/// <summary>
/// The encryption stage of a flow endpoint: works in place on [header | payload | trailer] and allocates nothing. Whoever sends a packet again
/// seals it again from its plaintext; sealed bytes are never sent twice. Packets of length 0, keepalives, do not come by here
/// (oap-and-crypto.md section 6.1). Any thread may seal while any other opens; two that seal at once take turns.
/// </summary>
public interface IPacketCipher : IDisposable
{
    /// <summary>Bytes in front of the payload: the IV.</summary>
    int HeaderLength { get; }

    /// <summary>Bytes behind the payload: the tag; 0 for a cipher without one.</summary>
    int TrailerLength { get; }

    /// <summary>What it has done so far.</summary>
    PacketCipherCounts Counts { get; }

    /// <summary>Encrypts a packet in place.</summary>
    /// <param name="packet">[<see cref="HeaderLength"/> bytes | payload | <see cref="TrailerLength"/> bytes]; header and trailer are written.</param>
    /// <returns>False: shorter than header and trailer, or the cipher has been disposed; the packet must not be sent.</returns>
    bool TrySeal(Span<byte> packet);

    /// <summary>Decrypts a packet in place.</summary>
    /// <param name="packet">[IV | ciphertext | tag]; afterwards the payload lies between header and trailer.</param>
    /// <returns>False: too short, not authentic, or the cipher has been disposed; drop the packet. The bytes are as they came.</returns>
    bool TryOpen(Span<byte> packet);

    /// <summary>Takes back <see cref="TrySeal"/> of a packet that was not sent: its payload is as it was, and it does not count.</summary>
    /// <param name="packet">As <see cref="TrySeal"/> left it.</param>
    /// <returns>False: its key is gone, or the cipher has been disposed; nobody can read the packet any more.</returns>
    bool TryUnseal(Span<byte> packet);

    /// <summary>
    /// Wipes the key before the current one. It goes by itself after half an epoch; a flow whose packets have a longest life may have it wiped
    /// when that has passed since <see cref="PacketCipherCounts.Rotations"/> changed.
    /// </summary>
    void ForgetPreviousKey();
}

namespace Ouroboros.Crypto.Cipher;

/// <summary>What a packet cipher has done.</summary>
/// <param name="Sealed">Packets encrypted.</param>
/// <param name="Opened">Packets decrypted.</param>
/// <param name="TooShort">Packets refused because they could not hold header and trailer.</param>
/// <param name="NotAuthentic">Packets refused because no key fits: damaged, forged, or from an epoch that is gone.</param>
/// <param name="Rotations">Changes of key so far.</param>
/// <param name="Searched">Of those not authentic, how many were tried under the key of an epoch far ahead as well.</param>
/// <param name="Recoveries">How often the peer was found there.</param>
public readonly record struct PacketCipherCounts(long Sealed, long Opened, long TooShort, long NotAuthentic, int Rotations, long Searched = 0, long Recoveries = 0);

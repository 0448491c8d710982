using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Crypto.KeyExchange;

/// <summary>A private key of a key exchange. The private part stays with the library that made it and is wiped when this is disposed.</summary>
public interface IPrivateKey : IDisposable
{
    /// <summary>What it is for.</summary>
    KeyExchangeAlgorithm Algorithm { get; }

    /// <summary>The public key as it goes on the wire.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }
}

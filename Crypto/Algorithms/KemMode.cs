namespace Ouroboros.Crypto.Algorithms;

/// <summary>Who encapsulates in a key exchange by KEM (oap-and-crypto.md section 4.3).</summary>
public enum KemMode
{
    /// <summary>The server, to the client's ephemeral key: forward secrecy.</summary>
    Server,

    /// <summary>The client, to a static key of the server that it knows beforehand: no forward secrecy.</summary>
    Client,
}

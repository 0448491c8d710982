namespace Ouroboros.Crypto.Oap;

/// <summary>Why a handshake was refused: one counter each.</summary>
public enum OapFailure
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Less than the fixed part, or less than the lengths in it add up to.</summary>
    Truncated,

    /// <summary>Bytes behind the message, and no certificate that they could be the signature of.</summary>
    TrailingBytes,

    /// <summary>A number for cipher, KDF or digest that is not in the tables.</summary>
    UnknownAlgorithm,

    /// <summary>The response repeats another id.</summary>
    WrongId,

    /// <summary>The request is more than 20 s old, or the clocks of the two hosts differ.</summary>
    TooOld,

    /// <summary>The request is from more than 100 ms in the future: the clocks of the two hosts differ.</summary>
    FromTheFuture,

    /// <summary>The request has been seen before.</summary>
    Replayed,

    /// <summary>The certificate cannot be decoded, or its key is of an algorithm that this system lacks.</summary>
    CertificateMalformed,

    /// <summary>The certificate does not lead to a trusted root, or is not valid now.</summary>
    CertificateUntrusted,

    /// <summary>The signature is missing or wrong.</summary>
    SignatureInvalid,

    /// <summary>The server's certificate is for another name.</summary>
    WrongName,

    /// <summary>The peer has to authenticate itself here and did not.</summary>
    NotAuthenticated,

    /// <summary>The response does not hold the hash of the request that was sent.</summary>
    RequestHashMismatch,

    /// <summary>One side asks for encryption, the other offers none.</summary>
    NotEncrypted,

    /// <summary>The key exchange is weaker than what is asked for.</summary>
    KeyExchangeTooWeak,

    /// <summary>The key exchange data are none of an algorithm that this system has, or do not fit its mode.</summary>
    KeyExchangeMalformed,

    /// <summary>The key exchange data are well-formed and invalid, e.g. a point of small order.</summary>
    KeyExchangeFailed,

    /// <summary>The client encapsulates to a static key that this side does not have.</summary>
    NoStaticKey,

    /// <summary>The cipher is weaker than what is asked for, or none.</summary>
    CipherTooWeak,

    /// <summary>A cipher without integrity, which is not allowed here.</summary>
    CounterModeNotAllowed,

    /// <summary>The KDF is weaker than what is asked for.</summary>
    KdfTooWeak,

    /// <summary>Own key could not sign, or own message would be longer than its fields can say.</summary>
    OwnIdentityUnusable,
}

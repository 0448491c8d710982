using System.Security.Cryptography;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>OpenSSL refused or failed: the message names the algorithm, the call and OpenSSL's reason, never data or keys.</summary>
public sealed class OpenSslException : CryptographicException
{
    /// <summary>An error without details.</summary>
    public OpenSslException()
    {
    }

    /// <summary>An error with its text.</summary>
    public OpenSslException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public OpenSslException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Takes the error of the call that just failed from OpenSSL's queue.</summary>
    /// <param name="algorithm">What was being used, e.g. <c>X25519</c>.</param>
    /// <param name="call">Which call failed.</param>
    internal static OpenSslException Take(string algorithm, string call) => new($"{algorithm}: {call} failed: {LibCrypto.TakeError()}");
}

using Ouroboros.Crypto.Certificates;
using Ouroboros.Crypto.Oap.Wire;

namespace Ouroboros.Crypto.Oap;

/// <summary>Who sent a message: certificate, chain, signature (oap-and-crypto.md section 5.3).</summary>
internal static class PeerCheck
{
    /// <summary>Checks a message.</summary>
    /// <param name="side">Own configuration.</param>
    /// <param name="message">What the peer sent.</param>
    /// <param name="now">When certificates have to be valid, nanoseconds since 1970.</param>
    /// <param name="name">The name that the certificate has to be for; null = any.</param>
    /// <param name="peer">CN of the peer; null if it sent no certificate.</param>
    /// <param name="detail">Why not.</param>
    public static OapFailure Check(OapSide side, OapMessage message, long now, string? name, out string? peer, out string detail)
    {
        peer = null;
        detail = "";
        if (message.Certificate.IsEmpty)
        {
            if (!side.RequireAuthentication) return OapFailure.None;
            detail = "the peer does not authenticate itself, which is required here; give it a certificate";
            return OapFailure.NotAuthenticated;
        }
        if (!Certificate.TryDecode(message.Certificate, out var certificate))
        {
            detail = "the peer's certificate cannot be read: it is damaged, or its key is of an algorithm that this system lacks";
            return OapFailure.CertificateMalformed;
        }
        using (certificate)
        {
            var reason = "no trusted roots are installed";
            if (side.Trust?.Verify(certificate, OapClock.Time(now), out reason) != true)
            {
                detail = $"the peer's certificate is not trusted: {reason}";
                return OapFailure.CertificateUntrusted;
            }
            if (!certificate.Verify(message.Digest, message.Signed, message.Signature))
            {
                detail = "the signature is not that of the certificate's key";
                return OapFailure.SignatureInvalid;
            }
            if (name is not null && !certificate.IsFor(name))
            {
                detail = $"the certificate is for another name ({certificate.CommonName ?? "no CN"})";
                return OapFailure.WrongName;
            }
            peer = certificate.CommonName ?? "";
            return OapFailure.None;
        }
    }
}

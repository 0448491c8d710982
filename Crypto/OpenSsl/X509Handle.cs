using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>An X509 certificate.</summary>
internal sealed class X509Handle : SafeHandle
{
    /// <summary>No certificate yet; for the marshaller.</summary>
    public X509Handle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Owns a certificate.</summary>
    public X509Handle(nint certificate)
        : base(0, ownsHandle: true) => SetHandle(certificate);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_free(handle);
        return true;
    }
}

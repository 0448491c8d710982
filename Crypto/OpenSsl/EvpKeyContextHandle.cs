using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>An EVP_PKEY_CTX: an operation with a key, or the template of keys to generate.</summary>
internal sealed class EvpKeyContextHandle : SafeHandle
{
    /// <summary>No context yet; for the marshaller.</summary>
    public EvpKeyContextHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Owns a context.</summary>
    public EvpKeyContextHandle(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_CTX_free(handle);
        return true;
    }
}

using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>An EVP_PKEY; OpenSSL clears private parts when the last reference goes.</summary>
internal sealed class EvpKeyHandle : SafeHandle
{
    /// <summary>No key yet; for the marshaller.</summary>
    public EvpKeyHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Owns a key.</summary>
    public EvpKeyHandle(nint key)
        : base(0, ownsHandle: true) => SetHandle(key);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}

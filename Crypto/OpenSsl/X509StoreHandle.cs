using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>An X509_STORE: trusted certificates.</summary>
internal sealed class X509StoreHandle : SafeHandle
{
    /// <summary>No store yet; for the marshaller.</summary>
    public X509StoreHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Owns a store.</summary>
    public X509StoreHandle(nint store)
        : base(0, ownsHandle: true) => SetHandle(store);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_STORE_free(handle);
        return true;
    }
}

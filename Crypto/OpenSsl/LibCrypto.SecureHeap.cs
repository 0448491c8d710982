using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <content>OpenSSL's secure heap.</content>
internal static partial class LibCrypto
{
    [LibraryImport(Library)]
    public static partial int CRYPTO_secure_malloc_init(nuint size, nuint smallest);

    [LibraryImport(Library)]
    public static partial int CRYPTO_secure_malloc_initialized();

    [LibraryImport(Library)]
    public static partial nuint CRYPTO_secure_used();
}

using Ouroboros.Crypto.OpenSsl;

namespace Ouroboros.Crypto.Signatures;

/// <summary>Finds a private key in a token through OpenSSL's provider for PKCS#11; the key itself stays in the token.</summary>
internal static class TokenKey
{
    private static readonly Lock Loading = new();
    private static nint _provider;

    public static EvpKeyHandle Open(string uri)
    {
        LoadProvider();
        var store = LibCrypto.OSSL_STORE_open(uri, 0, 0, 0, 0);
        if (store == 0) throw OpenSslException.Take(SigningKey.Shown(uri), "OSSL_STORE_open");
        try
        {
            _ = LibCrypto.OSSL_STORE_expect(store, LibCrypto.StoreInfoPrivateKey);
            while (LibCrypto.OSSL_STORE_eof(store) == 0)
            {
                var info = LibCrypto.OSSL_STORE_load(store);
                if (info == 0) break;
                var key = LibCrypto.OSSL_STORE_INFO_get1_PKEY(info);
                LibCrypto.OSSL_STORE_INFO_free(info);
                if (!key.IsInvalid) return key;
                key.Dispose();
            }
            throw OpenSslException.Take(SigningKey.Shown(uri), "finding the private key");
        }
        finally
        {
            _ = LibCrypto.OSSL_STORE_close(store);
        }
    }

    private static void LoadProvider()
    {
        lock (Loading)
        {
            if (_provider != 0) return;
            // With the fallback kept: everything else still comes from the default provider.
            _provider = LibCrypto.OSSL_PROVIDER_try_load(0, "pkcs11", 1);
            if (_provider == 0)
            {
                throw new OpenSslException(
                    $"keys in tokens need OpenSSL's provider for PKCS#11: {LibCrypto.TakeError()}; install pkcs11-provider (Debian 13) and set PKCS11_PROVIDER_MODULE");
            }
        }
    }
}

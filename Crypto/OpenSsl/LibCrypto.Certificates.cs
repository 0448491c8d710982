using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <content>Certificates, trust stores, signatures, keys in files and tokens.</content>
internal static partial class LibCrypto
{
    /// <summary>NID_commonName.</summary>
    public const int CommonName = 13;

    /// <summary>OSSL_STORE_INFO_PKEY.</summary>
    public const int StoreInfoPrivateKey = 4;

    [LibraryImport(Library)]
    public static unsafe partial nint BIO_new_mem_buf(byte* data, int length);

    [LibraryImport(Library)]
    public static partial int BIO_free(nint bio);

    [LibraryImport(Library)]
    public static unsafe partial EvpKeyHandle PEM_read_bio_PrivateKey(nint bio, nint reuse, nint passwordCallback, byte* password);

    [LibraryImport(Library)]
    public static unsafe partial EvpKeyHandle PEM_read_bio_PUBKEY(nint bio, nint reuse, nint passwordCallback, byte* password);

    [LibraryImport(Library)]
    public static unsafe partial X509Handle PEM_read_bio_X509(nint bio, nint reuse, nint passwordCallback, byte* password);

    [LibraryImport(Library)]
    public static unsafe partial X509Handle d2i_X509(nint reuse, byte** data, nint length);

    [LibraryImport(Library)]
    public static unsafe partial int i2d_X509(X509Handle certificate, byte** data);

    [LibraryImport(Library)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Library)]
    public static partial EvpKeyHandle X509_get_pubkey(X509Handle certificate);

    [LibraryImport(Library)]
    public static partial nint X509_get_subject_name(X509Handle certificate);

    [LibraryImport(Library)]
    public static partial int X509_NAME_get_index_by_NID(nint name, int nid, int after);

    [LibraryImport(Library)]
    public static partial nint X509_NAME_get_entry(nint name, int index);

    [LibraryImport(Library)]
    public static partial nint X509_NAME_ENTRY_get_data(nint entry);

    [LibraryImport(Library)]
    public static unsafe partial int ASN1_STRING_to_UTF8(byte** text, nint value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial void CRYPTO_free(void* memory, string file, int line);

    [LibraryImport(Library)]
    public static partial X509StoreHandle X509_STORE_new();

    [LibraryImport(Library)]
    public static partial void X509_STORE_free(nint store);

    [LibraryImport(Library)]
    public static partial int X509_STORE_add_cert(X509StoreHandle store, X509Handle certificate);

    [LibraryImport(Library)]
    public static partial nint OPENSSL_sk_new_null();

    [LibraryImport(Library)]
    public static partial int OPENSSL_sk_push(nint stack, nint element);

    [LibraryImport(Library)]
    public static partial void OPENSSL_sk_free(nint stack);

    [LibraryImport(Library)]
    public static partial nint X509_STORE_CTX_new();

    [LibraryImport(Library)]
    public static partial void X509_STORE_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int X509_STORE_CTX_init(nint context, X509StoreHandle store, X509Handle certificate, nint untrusted);

    [LibraryImport(Library)]
    public static partial nint X509_STORE_CTX_get0_param(nint context);

    [LibraryImport(Library)]
    public static partial void X509_VERIFY_PARAM_set_time(nint parameters, long seconds);

    [LibraryImport(Library)]
    public static partial void X509_VERIFY_PARAM_set_auth_level(nint parameters, int level);

    [LibraryImport(Library)]
    public static partial int X509_verify_cert(nint context);

    [LibraryImport(Library)]
    public static partial int X509_STORE_CTX_get_error(nint context);

    [LibraryImport(Library)]
    public static partial nint X509_verify_cert_error_string(long error);

    [LibraryImport(Library)]
    public static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_DigestSignInit_ex(
        nint context, out nint keyContext, string? digest, nint library, string? properties, EvpKeyHandle key, nint parameters);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_DigestSign(nint context, byte* signature, nuint* length, byte* data, nuint dataLength);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_DigestVerifyInit_ex(
        nint context, out nint keyContext, string? digest, nint library, string? properties, EvpKeyHandle key, nint parameters);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_DigestVerify(nint context, byte* signature, nuint length, byte* data, nuint dataLength);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_CTX_set_rsa_pss_saltlen(nint keyContext, int length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OSSL_PROVIDER_try_load(nint library, string name, int retainFallbacks);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OSSL_STORE_open(string uri, nint userInterface, nint userData, nint postProcess, nint postProcessData);

    [LibraryImport(Library)]
    public static partial int OSSL_STORE_expect(nint store, int type);

    [LibraryImport(Library)]
    public static partial nint OSSL_STORE_load(nint store);

    [LibraryImport(Library)]
    public static partial int OSSL_STORE_eof(nint store);

    [LibraryImport(Library)]
    public static partial int OSSL_STORE_close(nint store);

    [LibraryImport(Library)]
    public static partial EvpKeyHandle OSSL_STORE_INFO_get1_PKEY(nint info);

    [LibraryImport(Library)]
    public static partial void OSSL_STORE_INFO_free(nint info);
}

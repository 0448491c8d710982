using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <content>Keys: EVP_PKEY, their generation, encodings, agreement, encapsulation.</content>
internal static partial class LibCrypto
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_KEYMGMT_fetch(nint context, string algorithm, string? properties);

    [LibraryImport(Library)]
    public static partial void EVP_KEYMGMT_free(nint management);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial EvpKeyContextHandle EVP_PKEY_CTX_new_from_name(nint context, string name, string? properties);

    [LibraryImport(Library)]
    public static partial EvpKeyContextHandle EVP_PKEY_CTX_new_from_pkey(nint context, EvpKeyHandle key, [MarshalAs(UnmanagedType.LPUTF8Str)] string? properties);

    [LibraryImport(Library)]
    public static partial EvpKeyContextHandle EVP_PKEY_CTX_dup(EvpKeyContextHandle context);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_keygen_init(EvpKeyContextHandle context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_CTX_set_group_name(EvpKeyContextHandle context, string name);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_generate(EvpKeyContextHandle context, out nint key);

    [LibraryImport(Library)]
    public static partial EvpKeyHandle EVP_PKEY_new();

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_copy_parameters(EvpKeyHandle to, EvpKeyHandle from);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_PKEY_set1_encoded_public_key(EvpKeyHandle key, byte* encoded, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int EVP_PKEY_get_octet_string_param(EvpKeyHandle key, string name, byte* buffer, nuint size, out nuint length);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_up_ref(EvpKeyHandle key);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial EvpKeyHandle EVP_PKEY_new_raw_public_key_ex(nint context, string type, string? properties, byte* key, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial EvpKeyHandle EVP_PKEY_new_raw_private_key_ex(nint context, string type, string? properties, byte* key, nuint length);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_PKEY_get_raw_public_key(EvpKeyHandle key, byte* buffer, nuint* length);

    [LibraryImport(Library)]
    public static unsafe partial EvpKeyHandle d2i_PUBKEY(nint reuse, byte** data, nint length);

    [LibraryImport(Library)]
    public static unsafe partial int i2d_PUBKEY(EvpKeyHandle key, byte** data);

    [LibraryImport(Library)]
    public static unsafe partial EvpKeyHandle d2i_AutoPrivateKey(nint reuse, byte** data, nint length);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY_get0_type_name(EvpKeyHandle key);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_PKEY_get_group_name(EvpKeyHandle key, byte* buffer, nuint size, nuint* length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EVP_PKEY_get_int_param(EvpKeyHandle key, string name, out int value);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_eq(EvpKeyHandle a, EvpKeyHandle b);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_init(EvpKeyContextHandle context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_set_peer_ex(EvpKeyContextHandle context, EvpKeyHandle peer, int validate);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_PKEY_derive(EvpKeyContextHandle context, byte* secret, nuint* length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_encapsulate_init(EvpKeyContextHandle context, nint parameters);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_PKEY_encapsulate(EvpKeyContextHandle context, byte* ciphertext, nuint* length, byte* secret, nuint* secretLength);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_decapsulate_init(EvpKeyContextHandle context, nint parameters);

    [LibraryImport(Library)]
    public static unsafe partial int EVP_PKEY_decapsulate(EvpKeyContextHandle context, byte* secret, nuint* secretLength, byte* ciphertext, nuint length);
}

using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>OSSL_PARAM: one name and value handed to a provider; a list ends with one whose name is null.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OsslParam
{
    private const uint Utf8String = 4;
    private const uint OctetString = 5;

    private byte* _key;
    private uint _type;
    private void* _data;
    private nuint _size;
    private nuint _returned;

    /// <summary>A text, of which the pointer stays with the caller.</summary>
    public static OsslParam Text(byte* key, byte* value, int length) =>
        new() { _key = key, _type = Utf8String, _data = value, _size = (nuint)length, _returned = nuint.MaxValue };

    /// <summary>Bytes, of which the pointer stays with the caller.</summary>
    public static OsslParam Octets(byte* key, byte* value, int length) =>
        new() { _key = key, _type = OctetString, _data = value, _size = (nuint)length, _returned = nuint.MaxValue };
}

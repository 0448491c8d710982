using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>The calls into the system's OpenSSL 3 for what .NET does not offer. Buffers are spans; nothing unmanaged is kept.</summary>
internal static partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    /// <summary>One-shot digest by OpenSSL's name for the algorithm.</summary>
    /// <returns>The digest, or null when OpenSSL 3 is not there or does not know the name.</returns>
    public static unsafe byte[]? Digest(string algorithm, ReadOnlySpan<byte> data, int length)
    {
        var digest = new byte[length];
        nuint written = 0;
        try
        {
            fixed (byte* d = data, o = digest)
            {
                var ok = EVP_Q_digest(0, algorithm, null, d, (nuint)data.Length, o, &written);
                return ok == 1 && (int)written == length ? digest : null;
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int EVP_Q_digest(nint context, string name, string? properties, byte* data, nuint length, byte* digest, nuint* written);
}

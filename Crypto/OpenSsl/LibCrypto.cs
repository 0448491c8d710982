using System.Reflection;
using System.Runtime.InteropServices;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>
/// The calls into the system's OpenSSL 3 for what .NET does not offer, or offers only with keys in managed arrays. Buffers are spans, objects
/// are safe handles; one file per family of calls. <c>OUROBOROS_LIBCRYPTO</c> names another library file than the system's.
/// </summary>
internal static partial class LibCrypto
{
    /// <summary>Environment variable with the path of the library to load instead of the system's.</summary>
    public const string PathVariable = "OUROBOROS_LIBCRYPTO";

    private const string Library = "libcrypto.so.3";

    static LibCrypto() => NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);

    /// <summary>Version of the library found, e.g. 3.5; null when there is none.</summary>
    public static Version? Version { get; } = FindVersion();

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
                if (ok == 1 && (int)written == length) return digest;
                ERR_clear_error();
                return null;
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Fills a buffer from OpenSSL's random generator.</summary>
    public static unsafe void Random(Span<byte> buffer)
    {
        fixed (byte* b = buffer)
        {
            if (RAND_bytes(b, buffer.Length) != 1) throw OpenSslException.Take("random numbers", "RAND_bytes");
        }
    }

    /// <summary>Takes the first error from this thread's queue and empties the queue, which .NET's own calls share.</summary>
    /// <returns>OpenSSL's text, which holds function and reason but never data.</returns>
    public static unsafe string TakeError()
    {
        var code = ERR_get_error();
        ERR_clear_error();
        if (code == 0) return "no reason given";
        var text = stackalloc byte[256];
        ERR_error_string_n(code, text, 256);
        return Marshal.PtrToStringUTF8((nint)text) ?? "no reason given";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        var chosen = Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrEmpty(chosen)) return NativeLibrary.Load(chosen);
        if (NativeLibrary.TryLoad(Library, out var handle)) return handle;
        return NativeLibrary.TryLoad("libcrypto.3.dylib", out handle) ? handle : 0;
    }

    private static Version? FindVersion()
    {
        try
        {
            return new Version((int)OPENSSL_version_major(), (int)OPENSSL_version_minor());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport(Library)]
    public static partial void ERR_clear_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int EVP_Q_digest(nint context, string name, string? properties, byte* data, nuint length, byte* digest, nuint* written);

    [LibraryImport(Library)]
    private static unsafe partial int RAND_bytes(byte* buffer, int length);

    [LibraryImport(Library)]
    private static partial ulong ERR_get_error();

    [LibraryImport(Library)]
    private static unsafe partial void ERR_error_string_n(ulong code, byte* buffer, nuint length);

    [LibraryImport(Library)]
    private static partial uint OPENSSL_version_major();

    [LibraryImport(Library)]
    private static partial uint OPENSSL_version_minor();
}

using System.Collections.Concurrent;

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>What the OpenSSL of this system is and can do.</summary>
public static class OpenSslLibrary
{
    private static readonly ConcurrentDictionary<string, bool> Known = new();

    /// <summary>Major and minor version; null when no OpenSSL 3 was found.</summary>
    public static Version? Version => LibCrypto.Version;

    /// <summary>Whether the library can make and use keys of an algorithm, by OpenSSL's name, e.g. <c>ML-KEM-768</c>.</summary>
    public static bool HasKeyType(string algorithm) => Known.GetOrAdd(algorithm, static name =>
    {
        if (Version is null) return false;
        var found = LibCrypto.EVP_KEYMGMT_fetch(0, name, null);
        if (found != 0) LibCrypto.EVP_KEYMGMT_free(found);
        else LibCrypto.ERR_clear_error();
        return found != 0;
    });

    /// <summary>Says why an algorithm is not there and what to do about it.</summary>
    public static string Explain(string algorithm) => Version is null
        ? $"{algorithm} needs OpenSSL 3, which was not found; install libssl3"
        : $"{algorithm} needs OpenSSL 3.5 or newer, this system has {Version.ToString(2)}; install a newer OpenSSL (Debian 13 has one) or choose an algorithm that is not post-quantum";
}

using System.Text;
using Ouroboros.Crypto.Algorithms;

namespace Ouroboros.Crypto.Oap;

/// <summary>
/// What one side of a name proposes and asks for: each algorithm is the proposal of a client and the least that either side accepts. The defaults are
/// those of an enc.conf that exists and says nothing (oap-and-crypto.md section 5.5).
/// </summary>
public sealed record EncryptionOptions
{
    private const int LongestLine = 255;

    /// <summary>Key exchange.</summary>
    public KeyExchangeAlgorithm KeyExchange { get; init; } = KeyExchangeAlgorithm.P256;

    /// <summary>Cipher of packets.</summary>
    public CipherAlgorithm Cipher { get; init; } = CipherAlgorithm.Aes256Gcm;

    /// <summary>Digest of key derivation.</summary>
    public DigestAlgorithm Kdf { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>Digest of own signatures and of the request hash.</summary>
    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>Who encapsulates, if the key exchange is a KEM.</summary>
    public KemMode KemMode { get; init; } = KemMode.Server;

    /// <summary>Whether the client encapsulates.</summary>
    public bool ClientEncapsulates => KemMode == KemMode.Client && KeyExchange.IsKem();

    /// <summary>Reads an enc.conf.</summary>
    /// <returns>null: the file says <c>none</c>, no encryption.</returns>
    /// <exception cref="FormatException">A value that is unknown; the message has line and value.</exception>
    public static EncryptionOptions? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = new EncryptionOptions();
        var number = 0;
        foreach (var line in Lines(text))
        {
            number++;
            if (line.StartsWith('#')) continue;
            var trimmed = line.Trim();
            if (trimmed == "none") return null;
            var equals = trimmed.IndexOf('=');
            if (equals < 0) continue;
            var (key, value) = (trimmed[..equals].Trim(), trimmed[(equals + 1)..].Trim());
            options = key switch
            {
                "kex" when KeyExchangeAlgorithms.TryParse(value, out var kex) && kex != KeyExchangeAlgorithm.None => options with { KeyExchange = kex },
                "cipher" when CipherAlgorithms.TryParse(value, out var cipher) => options with { Cipher = cipher },
                "kdf" when DigestAlgorithms.TryParse(value, out var kdf) => options with { Kdf = kdf },
                "digest" when DigestAlgorithms.TryParse(value, out var digest) => options with { Digest = digest },
                "kem_mode" when value is "server" or "client" => options with { KemMode = value == "client" ? KemMode.Client : KemMode.Server },
                "kex" or "cipher" or "kdf" or "digest" or "kem_mode" =>
                    throw new FormatException($"line {number}: {key} cannot be '{value}'; {Choices(key)}"),
                _ => options,
            };
        }
        return options;
    }

    /// <summary>The words that a key of enc.conf takes, for messages.</summary>
    public static string Choices(string key) => key switch
    {
        "kex" => "use one of " + string.Join(", ", KeyExchangeAlgorithms.All.Select(a => a.Name())),
        "cipher" => "use one of " + string.Join(", ", CipherAlgorithms.All.Select(a => a.Name())),
        "kdf" or "digest" => "use one of " + string.Join(", ", DigestAlgorithms.All.Select(a => a.Name())),
        _ => "use server or client",
    };

    // The reference reads into 255 bytes: what is longer is continued as a line of its own.
    private static IEnumerable<string> Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var bytes = Encoding.UTF8.GetBytes(line.TrimEnd('\r'));
            for (var start = 0; start == 0 || start < bytes.Length; start += LongestLine)
            {
                yield return Encoding.UTF8.GetString(bytes, start, Math.Min(LongestLine, bytes.Length - start));
            }
        }
    }
}

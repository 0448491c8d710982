using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;
using Ouroboros.Hocon;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Reads what one side of a name asks for beyond its files.</summary>
internal static class PolicyReader
{
    private static readonly Dictionary<string, KeyExchangeAlgorithm> KeyExchanges =
        KeyExchangeAlgorithms.All.Where(a => a != KeyExchangeAlgorithm.None).ToDictionary(a => a.Name());

    private static readonly Dictionary<string, CipherAlgorithm> Ciphers =
        CipherAlgorithms.All.Where(a => a != CipherAlgorithm.None).ToDictionary(a => a.Name());

    private static readonly Dictionary<string, DigestAlgorithm> Digests =
        DigestAlgorithms.All.Where(a => a != DigestAlgorithm.None).ToDictionary(a => a.Name());

    private static readonly Dictionary<string, KemMode> Modes = new() { ["server"] = KemMode.Server, ["client"] = KemMode.Client };

    /// <returns>null: nothing.</returns>
    public static SidePolicy? Read(ConfigSection side)
    {
        var policy = new SidePolicy
        {
            RequireAuthentication = side.Flag("require-authentication"),
            RequireEncryption = side.Flag("require-encryption"),
            AllowCounterMode = side.Flag("allow-counter-mode"),
        };
        policy = side.Errors.Try(() => WithEncryption(policy, side.Reader)) ?? policy;
        return policy == SidePolicy.Default ? null : policy;
    }

    private static SidePolicy WithEncryption(SidePolicy policy, HoconReader side)
    {
        const string Key = "encryption";
        if (!side.TryGetValue(Key, out var value)) return policy;
        if (value is not HoconObject)
        {
            return value.AsString() == "none" ? policy with { NoEncryption = true }
                : throw HoconException.At(value, "is none, or { kex = ..., cipher = ..., kdf = ..., digest = ..., kem-mode = ... }");
        }
        var reader = side.GetObject(Key);
        var defaults = new EncryptionOptions();
        var options = new EncryptionOptions
        {
            KeyExchange = Choice(reader, "kex", KeyExchanges, defaults.KeyExchange),
            Cipher = Choice(reader, "cipher", Ciphers, defaults.Cipher),
            Kdf = Choice(reader, "kdf", Digests, defaults.Kdf),
            Digest = Choice(reader, "digest", Digests, defaults.Digest),
            KemMode = Choice(reader, "kem-mode", Modes, defaults.KemMode),
        };
        // What this system cannot do is wrong here, and not when somebody asks for a flow.
        var wrong = new OapSide { Encryption = options, AllowCounterMode = policy.AllowCounterMode }.Validate();
        if (wrong is not null) throw reader.Error(Crypto.KeyExchange.KeyExchanges.IsSupported(options.KeyExchange) ? "cipher" : "kex", wrong);
        return policy with { Encryption = options };
    }

    private static T Choice<T>(HoconReader reader, string key, IReadOnlyDictionary<string, T> names, T otherwise) =>
        reader.Has(key) ? reader.GetEnum(key, names) : otherwise;
}

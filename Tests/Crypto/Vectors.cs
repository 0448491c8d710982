using System.Text.Json;
using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Crypto;

/// <summary>The vectors of Tests/Vectors as they lie beside the test assembly.</summary>
internal static class Vectors
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Vectors", "oap");

    public static JsonNode Load(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;

    public static JsonNode Wycheproof(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "wycheproof", file)))!;

    public static string Certificate(string file) => Path.Combine(Folder, "certs", file);

    public static string Text(this JsonNode? node, string key) => node![key]!.GetValue<string>();

    public static byte[] Bytes(this JsonNode? node, string key) => Convert.FromHexString(node.Text(key));

    public static SecretBuffer Secret(this JsonNode? node, string key) => new(node.Bytes(key));

    public static CipherAlgorithm Cipher(string name) =>
        CipherAlgorithms.TryParse(name, out var found) ? found : throw new ArgumentException(name);

    public static DigestAlgorithm Digest(string name) =>
        DigestAlgorithms.TryParse(name, out var found) ? found : throw new ArgumentException(name);

    public static KeyExchangeAlgorithm KeyExchange(string name) =>
        KeyExchangeAlgorithms.TryParse(name, out var found) ? found : throw new ArgumentException(name);

    public static IPrivateKey PrivateKey(string hexDer)
    {
        using var der = new SecretBuffer(Convert.FromHexString(hexDer));
        return StaticKeys.ReadDer(der);
    }

    public static IPrivateKey RawPrivateKey(string hex)
    {
        using var raw = new SecretBuffer(Convert.FromHexString(hex));
        return StaticKeys.ReadRaw(raw);
    }
}

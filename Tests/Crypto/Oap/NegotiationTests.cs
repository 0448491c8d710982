using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>Every pair of configurations of negotiation.json, with what the reference made of it.</summary>
public class NegotiationTests
{
    private const long Now = 1_795_216_875_986_028_168;

    private static readonly Dictionary<KeyExchangeAlgorithm, IPrivateKey> StaticKeys = [];

    private static IEnumerable<TestCaseData> Entries(bool postQuantum)
    {
        var index = 0;
        foreach (var entry in Vectors.Load("negotiation.json").AsArray())
        {
            var name = $"{index++}: {Describe(entry!["client"])} to {Describe(entry["server"])}";
            if (IsPostQuantum(entry["client"]) || IsPostQuantum(entry["server"]) == postQuantum)
            {
                if (postQuantum == (IsPostQuantum(entry["client"]) || IsPostQuantum(entry["server"]))) yield return new TestCaseData(entry).SetArgDisplayNames(name);
            }
        }
    }

    [TestCaseSource(nameof(Entries), [false])]
    public void Agrees_and_refuses_as_the_reference(JsonNode entry) => Check(entry);

    [TestCaseSource(nameof(Entries), [true]), Category(PostQuantum.Category)]
    public void Agrees_and_refuses_as_the_reference_with_post_quantum(JsonNode entry)
    {
        PostQuantum.Require();
        Check(entry);
    }

    private static void Check(JsonNode entry)
    {
        var clientSide = Side(entry["client"], client: true);
        var serverSide = Side(entry["server"], client: false);
        // The reference was given the file of the key that the client used, whatever its own configuration.
        if (clientSide.Encryption is { ClientEncapsulates: true } used && serverSide.StaticKey is not null) serverSide = serverSide with { StaticKey = StaticKey(used.KeyExchange) };
        using var client = OapClient.Begin(clientSide, "oping", Now);
        using var served = new OapServer().Serve(serverSide, "oping", client.Request.Span, Now);
        if (entry["crash_signal"] is not null)
        {
            Assert.That(served.Error, Is.EqualTo(FlowError.CryptoFailed), "the reference dies here (D2)");
            return;
        }
        CheckLengths(client.Request.Span, entry, "request");

        var expected = Number(entry, "server_process");
        if (expected == 0 && clientSide.Encryption is { ClientEncapsulates: true } proposed && proposed.KeyExchange.Rank() < serverSide.Encryption!.KeyExchange.Rank())
        {
            // D3: the reference leaves out the floor for a client that encapsulates; we do not.
            Assert.That(served.Failure, Is.EqualTo(OapFailure.KeyExchangeTooWeak));
            return;
        }
        Assert.That(-(int)served.Error, Is.EqualTo(expected), served.Detail);
        if (expected != 0) return;

        var response = served.Response.Span;
        CheckLengths(response, entry, "response");
        Assert.That(response[24] << 8 | response[25], Is.EqualTo(Number(entry, "response_cipher")));
        Assert.That(response[26] << 8 | response[27], Is.EqualTo(Number(entry, "response_kdf")));
        Assert.That(response[28] << 8 | response[29], Is.EqualTo(Number(entry, "response_md")));
        Assert.That((int)served.Cipher, Is.EqualTo(Number(entry, "server_cipher")));

        using var completed = client.Complete(response, Now);
        Assert.That(-(int)completed.Error, Is.EqualTo(Number(entry, "client_complete")), completed.Detail);
        if (completed.Error != FlowError.None) return;
        Assert.That((int)completed.Cipher, Is.EqualTo(Number(entry, "client_cipher")));
        using var one = completed.TakeKey();
        using var other = served.TakeKey();
        // D4: with kem_mode=client left beside a Diffie-Hellman exchange the two ends of the reference get different keys; ours do not.
        Assert.That(one?.Span.ToArray(), Is.EqualTo(other?.Span.ToArray()));
    }

    /// <summary>The length of the key, with its flags, and of what is around it.</summary>
    private static void CheckLengths(ReadOnlySpan<byte> message, JsonNode entry, string which)
    {
        var (key, captured) = (BinaryPrimitives.ReadUInt16BigEndian(message[32..]), Convert.ToInt32(entry.Text($"{which}_kex_field"), 16));
        Assert.That(message.Length - key, Is.EqualTo(Number(entry, $"{which}_len") - captured), which);
        // A finite-field key is an INTEGER: half of them have a zero in front, one in 256 is a byte shorter, one in 65,536 two; eight is as good as never.
        var varies = entry["client"]?["kex"]?.GetValue<string>().StartsWith("ffdhe", StringComparison.Ordinal) == true;
        Assert.That(key, varies ? Is.InRange(captured - 8, captured + 1) : Is.EqualTo(captured), which);
    }

    private static OapSide Side(JsonNode? options, bool client)
    {
        if (options is null) return OapSide.Plain;
        var encryption = new EncryptionOptions
        {
            KeyExchange = Vectors.KeyExchange(options.Text("kex")),
            Cipher = Vectors.Cipher(options.Text("cipher")),
            Kdf = Vectors.Digest(options.Text("kdf")),
            KemMode = options.Text("kem_mode") == "client" ? KemMode.Client : KemMode.Server,
        };
        var side = new OapSide { Encryption = encryption, AllowCounterMode = true };
        if (encryption.ClientEncapsulates && client) return side with { ServerKey = StaticKey(encryption.KeyExchange).PublicKey };
        return !client && encryption.KeyExchange.IsKem() && PostQuantum.Available ? side with { StaticKey = StaticKey(encryption.KeyExchange) } : side;
    }

    private static IPrivateKey StaticKey(KeyExchangeAlgorithm algorithm)
    {
        if (!StaticKeys.TryGetValue(algorithm, out var key)) StaticKeys[algorithm] = key = KeyExchanges.Get(algorithm).Generate();
        return key;
    }

    private static bool IsPostQuantum(JsonNode? options) => options is not null && Vectors.KeyExchange(options.Text("kex")).IsKem();

    private static string Describe(JsonNode? options) => options is null
        ? "nothing"
        : $"{options.Text("kex")} {options.Text("cipher")} {options.Text("kdf")} {options.Text("kem_mode")}";

    private static int Number(JsonNode entry, string key) => entry[key]!.GetValue<int>();
}

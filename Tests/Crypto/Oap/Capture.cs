using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Certificates;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>One capture of the reference with the configuration that made it.</summary>
internal sealed class Capture
{
    private static readonly JsonNode All = Vectors.Load("captures.json");
    private static readonly Lazy<TrustStore> Store = new(() => Trusting(["ec", "rsa", "ed", "ml", "ml44", "slh"]));

    private Capture(string name)
    {
        Name = name;
        Json = All[name]!;
        Request = Json.Bytes("request");
        Response = Json["response"] is null ? null : Json.Bytes("response");
        Sent = Json["request_fields"]!["timestamp"]!.GetValue<long>();
        Answered = Json["response_fields"]?["timestamp"]!.GetValue<long>() ?? Sent;
    }

    public string Name { get; }

    public JsonNode Json { get; }

    public byte[] Request { get; }

    public byte[]? Response { get; }

    public long Sent { get; }

    public long Answered { get; }

    public bool NeedsPostQuantum => Name.Contains("ml");

    public byte[]? SessionKey => Json["key_exchange"] is { } exchange ? exchange.Bytes("session_key") : null;

    public static TrustStore Trust => Store.Value;

    public static IEnumerable<string> Names => All.AsObject().Select(entry => entry.Key);

    public static IEnumerable<string> WithResponse => Names.Where(n => All[n]!["response"] is not null);

    public static Capture Load(string name)
    {
        var capture = new Capture(name);
        if (capture.NeedsPostQuantum) PostQuantum.Require();
        return capture;
    }

    /// <summary>A store of the test authorities; those that this OpenSSL cannot read are left out.</summary>
    public static TrustStore Trusting(IEnumerable<string> authorities)
    {
        var store = new TrustStore();
        foreach (var authority in authorities)
        {
            if (authority is "ml" or "ml44" or "slh" && !PostQuantum.Available) continue;
            store.AddRoot(Certificate.ReadFile(Vectors.Certificate($"{authority}.ca.crt.pem")));
            var intermediate = Vectors.Certificate($"{authority}.im.crt.pem");
            if (File.Exists(intermediate)) store.AddIntermediate(Certificate.ReadFile(intermediate));
        }
        return store;
    }

    public static Identity IdentityOf(string name) =>
        Identity.Read(Vectors.Certificate($"{name}.crt.pem"), Vectors.Certificate($"{name}.key.pem"));

    public OapSide Client() => Side(client: true);

    public OapSide Server() => Side(client: false);

    private OapSide Side(bool client)
    {
        var (clientKex, serverKex, clientIdentity, serverIdentity) = Name switch
        {
            "plain" or "replay-reject" => (null, null, null, null),
            "x25519-chacha20" => ("X25519 chacha20-poly1305 sha256 sha256", "X25519 chacha20-poly1305 sha256 sha256", null, null),
            "p256-aes256gcm" => ("prime256v1 aes-256-gcm sha256 sha256", "prime256v1 aes-256-gcm sha256 sha256", null, null),
            "client-enc-only" => ("X25519 aes-256-gcm sha256 sha256", null, null, null),
            "ffdhe2048-aes128ctr" => ("ffdhe2048 aes-128-ctr blake2s256 sha256", "ffdhe2048 aes-128-ctr blake2s256 sha256", null, null),
            "auth-ecdsa-both" => ("X25519 aes-256-gcm sha384 sha384", "X25519 aes-256-gcm sha384 sha384", "ec.client", "ec.oping"),
            "auth-ecdsa-server-noenc" => (null, null, null, "ec.oping"),
            "auth-rsa2048-server-noenc" => (null, null, null, "rsa.oping"),
            "auth-ed25519-server-noenc" => (null, null, null, "ed.oping"),
            "auth-mldsa44-both" => ("X25519 aes-256-gcm sha256 sha256", "X25519 aes-256-gcm sha256 sha256", "ml44.client", "ml44.oping"),
            "mlkem768-server" or "mlkem768-client" => ("ML-KEM-768 aes-256-gcm sha256 sha256", "ML-KEM-768 aes-256-gcm sha256 sha256", null, null),
            "x25519mlkem768" => ("X25519MLKEM768 aes-256-gcm sha256 sha256", "X25519MLKEM768 aes-256-gcm sha256 sha256", null, null),
            "x25519mlkem768-client" => ("X25519MLKEM768 chacha20-poly1305 sha256 sha256", "X25519MLKEM768 chacha20-poly1305 sha256 sha256", null, null),
            "x448mlkem1024" => ("X448MLKEM1024 chacha20-poly1305 sha3-512 sha256", "X448MLKEM1024 chacha20-poly1305 sha3-512 sha256", null, null),
            "frct-aes128gcm" => ("X25519 aes-128-gcm sha256 sha256", "X25519 aes-128-gcm sha256 sha256", null, null),
            "rotation-bit4" => ("X25519 aes-256-gcm sha256 sha256", "X25519 aes-256-gcm sha256 sha256", null, null),
            "enc-required-reject" => (null, "X25519 aes-256-gcm sha256 sha256", null, null),
            "kex-too-weak-reject" => ("X25519 aes-256-gcm sha256 sha256", "secp521r1 aes-256-gcm sha256 sha256", null, null),
            "auth-fail-rogue-client" => (null, null, "rogue.client", null),
            "auth-fail-rogue-server" => (null, null, null, "rogue.oping"),
            "auth-fail-server-name" => (null, null, null, (string?)"ec.other"),
            _ => throw new ArgumentException(Name),
        };
        var identity = client ? clientIdentity : serverIdentity;
        var mode = Name.EndsWith("-client", StringComparison.Ordinal) && Name.StartsWith('m') || Name == "x25519mlkem768-client" ? KemMode.Client : KemMode.Server;
        var side = new OapSide
        {
            Encryption = Options(client ? clientKex : serverKex, mode),
            Identity = identity is null || !File.Exists(Vectors.Certificate($"{identity}.key.pem")) ? null : IdentityOf(identity),
            Trust = Trust,
            AllowCounterMode = true,
        };
        if (mode == KemMode.Client) side = client ? side with { ServerKey = StaticPublic() } : side with { StaticKey = StaticPrivate() };
        return Recorded(client ? "client_ephemeral_private" : "server_ephemeral_private") is { } ephemeral ? side with { Ephemeral = _ => ephemeral() } : side;
    }

    private static EncryptionOptions? Options(string? words, KemMode mode)
    {
        if (words is null) return null;
        var word = words.Split(' ');
        return new EncryptionOptions
        {
            KeyExchange = Vectors.KeyExchange(word[0]),
            Cipher = Vectors.Cipher(word[1]),
            Kdf = Vectors.Digest(word[2]),
            Digest = Vectors.Digest(word[3]),
            KemMode = mode,
        };
    }

    private Func<IPrivateKey>? Recorded(string field)
    {
        if (Json["key_exchange"] is not { } exchange) return null;
        if (exchange[field + "_der"] is { } der) return () => Vectors.PrivateKey(der.GetValue<string>());
        return exchange[field + "_raw"] is { } raw ? () => Vectors.RawPrivateKey(raw.GetValue<string>()) : null;
    }

    private IPrivateKey StaticPrivate()
    {
        using var file = SigningKey.ReadFile(Vectors.Certificate(Name == "mlkem768-client" ? "mlkem768.kex.key.pem" : "x25519mlkem768.kex.key.raw"));
        return Name == "mlkem768-client" ? StaticKeys.ReadPem(file) : StaticKeys.ReadRaw(file);
    }

    private byte[] StaticPublic() => Name == "mlkem768-client"
        ? StaticKeys.ReadPublicPem(File.ReadAllBytes(Vectors.Certificate("mlkem768.kex.srv.pub.pem")))
        : File.ReadAllBytes(Vectors.Certificate("x25519mlkem768.kex.srv.pub.raw"));
}

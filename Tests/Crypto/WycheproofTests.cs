using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Tests.Crypto;

/// <summary>Each primitive as we call it, on vectors of C2SP's Wycheproof (Tests/Vectors/wycheproof). "acceptable" means: refused, or right.</summary>
public class WycheproofTests
{
    [TestCase("aes_gcm.json")]
    [TestCase("chacha20_poly1305.json")]
    public unsafe void Authenticated_ciphers(string file)
    {
        var done = 0;
        foreach (var (group, test) in Tests(file))
        {
            var algorithm = file.StartsWith("chacha", StringComparison.Ordinal)
                ? CipherAlgorithm.ChaCha20Poly1305
                : Vectors.Cipher($"aes-{group["keySize"]!.GetValue<int>()}-gcm");
            byte[] key = test.Bytes("key"), iv = test.Bytes("iv"), message = test.Bytes("msg"), ciphertext = test.Bytes("ct"), tag = test.Bytes("tag");
            using var seal = new CipherContext(algorithm, encrypt: true);
            using var open = new CipherContext(algorithm, encrypt: false);
            seal.SetKey(key);
            open.SetKey(key);
            byte[] data = [.. ciphertext, 0];
            var made = new byte[16];
            fixed (byte* i = iv, d = data, t = tag, m = made)
            {
                Assert.That(open.Decrypt(i, d, ciphertext.Length, t), Is.EqualTo(IsValid(test)), Id(file, test));
                if (!IsValid(test)) continue;
                Assert.That(data[..^1], Is.EqualTo(message), Id(file, test));
                Assert.That(seal.Encrypt(i, d, message.Length, m), Is.True);
            }
            Assert.That(data[..^1], Is.EqualTo(ciphertext), Id(file, test));
            Assert.That(made, Is.EqualTo(tag), Id(file, test));
            done++;
        }
        Assert.That(done, Is.GreaterThan(10));
    }

    [TestCase("x25519_asn.json", KeyExchangeAlgorithm.X25519)]
    [TestCase("x448_asn.json", KeyExchangeAlgorithm.X448)]
    [TestCase("ecdh_secp256r1.json", KeyExchangeAlgorithm.P256)]
    [TestCase("ecdh_secp384r1.json", KeyExchangeAlgorithm.P384)]
    [TestCase("ecdh_secp521r1.json", KeyExchangeAlgorithm.P521)]
    public void Diffie_Hellman(string file, KeyExchangeAlgorithm algorithm)
    {
        var exchange = KeyExchanges.Get(algorithm);
        var agreed = 0;
        foreach (var (_, test) in Tests(file))
        {
            using var own = OwnKey(algorithm, test);
            if (own is not null && exchange.TryAgree(own, test.Bytes("public"), out var secret))
            {
                using (secret) Assert.That(secret.Span.ToArray(), Is.EqualTo(test.Bytes("shared")), Id(file, test));
                Assert.That(test.Text("result"), Is.Not.EqualTo("invalid"), Id(file, test));
                agreed++;
            }
            else
            {
                Assert.That(IsValid(test), Is.False, Id(file, test));
            }
        }
        Assert.That(agreed, Is.GreaterThan(10));
    }

    [TestCase("hkdf_sha256.json", DigestAlgorithm.Sha256)]
    [TestCase("hkdf_sha384.json", DigestAlgorithm.Sha384)]
    [TestCase("hkdf_sha512.json", DigestAlgorithm.Sha512)]
    public void Key_derivation(string file, DigestAlgorithm digest)
    {
        foreach (var (_, test) in Tests(file))
        {
            var key = new byte[test["size"]!.GetValue<int>()];
            if (IsValid(test))
            {
                Hkdf.Derive(digest, test.Bytes("ikm"), test.Bytes("salt"), test.Bytes("info"), key);
                Assert.That(key, Is.EqualTo(test.Bytes("okm")), Id(file, test));
            }
            else
            {
                Assert.Throws<OpenSslException>(() => Hkdf.Derive(digest, test.Bytes("ikm"), test.Bytes("salt"), test.Bytes("info"), key), Id(file, test));
            }
        }
    }

    [TestCase("ecdsa_secp256r1_sha256.json", DigestAlgorithm.Sha256)]
    [TestCase("ecdsa_secp384r1_sha384.json", DigestAlgorithm.Sha384)]
    [TestCase("ecdsa_secp521r1_sha512.json", DigestAlgorithm.Sha512)]
    [TestCase("ed25519.json", DigestAlgorithm.None)]
    [TestCase("ed448.json", DigestAlgorithm.None)]
    [TestCase("rsa_signature_2048_sha256.json", DigestAlgorithm.Sha256)]
    [TestCase("rsa_pss_2048_sha256_mgf1_32_params.json", DigestAlgorithm.Sha256)]
    public void Signatures(string file, DigestAlgorithm digest) => Verify(file, digest);

    [TestCase("mldsa_44_verify.json"), TestCase("mldsa_65_verify.json"), TestCase("mldsa_87_verify.json"), Category(PostQuantum.Category)]
    public void Post_quantum_signatures(string file)
    {
        PostQuantum.Require();
        Verify(file, DigestAlgorithm.None);
    }

    [TestCase("mlkem_512.json", KeyExchangeAlgorithm.MlKem512, 1)]
    [TestCase("mlkem_768.json", KeyExchangeAlgorithm.MlKem768, 2)]
    [TestCase("mlkem_1024.json", KeyExchangeAlgorithm.MlKem1024, 3)]
    [Category(PostQuantum.Category)]
    public void Key_encapsulation(string file, KeyExchangeAlgorithm algorithm, int oid)
    {
        PostQuantum.Require();
        var agreed = 0;
        foreach (var (_, test) in Tests(file))
        {
            var seed = test.Text("seed");
            if (seed.Length != 128) continue;
            // PKCS#8 with the seed alone: version, id-alg-ml-kem, [0] seed.
            using var own = Vectors.PrivateKey($"3054020100300b060960864801650304040{oid}04428040{seed}");
            if (KeyExchanges.Get(algorithm).TryDecapsulate(own, test.Bytes("c"), out var secret))
            {
                using (secret) Assert.That(secret.Span.ToArray(), Is.EqualTo(test.Bytes("K")), Id(file, test));
                Assert.That(own.PublicKey.Span[^algorithm.RawPublicLength()..].ToArray(), Is.EqualTo(test.Bytes("ek")), Id(file, test));
                agreed++;
            }
            else
            {
                Assert.That(IsValid(test), Is.False, Id(file, test));
            }
        }
        Assert.That(agreed, Is.Positive);
    }

    [Test, Category(PostQuantum.Category)]
    public void Public_keys_to_encapsulate_to()
    {
        PostQuantum.Require();
        foreach (var (_, test) in Tests("mlkem_768_encaps.json"))
        {
            var key = test.Bytes("ek");
            if (key.Length != 1184) continue;
            byte[] spki = [.. Convert.FromHexString("308204b2300b0609608648016503040402038204a100"), .. key];
            var valid = KeyExchanges.Get(KeyExchangeAlgorithm.MlKem768).TryEncapsulate(spki, out _, out var secret);
            secret?.Dispose();
            Assert.That(valid, Is.EqualTo(IsValid(test)), Id("mlkem_768_encaps.json", test));
        }
    }

    private static void Verify(string file, DigestAlgorithm digest)
    {
        var valid = 0;
        foreach (var (group, test) in Tests(file))
        {
            using var key = group["publicKeyDer"] is { } spki ? OpenSslKey.DecodePublic(Convert.FromHexString(spki.GetValue<string>())) : null;
            var good = key is not null && Signature.Verify(key, digest, test.Bytes("msg"), test.Bytes("sig"));
            if (test.Text("result") != "acceptable") Assert.That(good, Is.EqualTo(IsValid(test)), Id(file, test));
            if (good) valid++;
        }
        Assert.That(valid, Is.Positive);
    }

    /// <summary>Some keys are no keys: those of tests that may be refused.</summary>
    private static IPrivateKey? OwnKey(KeyExchangeAlgorithm algorithm, JsonNode test)
    {
        try
        {
            return Vectors.PrivateKey(algorithm.Name().StartsWith('X') ? test.Text("private") : Pkcs8(algorithm, test.Bytes("private")));
        }
        catch (OpenSslException)
        {
            return null;
        }
    }

    private static string Pkcs8(KeyExchangeAlgorithm algorithm, byte[] scalar)
    {
        var (curve, length) = algorithm switch
        {
            KeyExchangeAlgorithm.P256 => (ECCurve.NamedCurves.nistP256, 32),
            KeyExchangeAlgorithm.P384 => (ECCurve.NamedCurves.nistP384, 48),
            _ => (ECCurve.NamedCurves.nistP521, 66),
        };
        var d = new byte[length];
        var trimmed = scalar.AsSpan().TrimStart((byte)0);
        trimmed.CopyTo(d.AsSpan(length - trimmed.Length));
        using var key = ECDiffieHellman.Create(new ECParameters { Curve = curve, D = d });
        return Convert.ToHexString(key.ExportPkcs8PrivateKey());
    }

    private static IEnumerable<(JsonNode Group, JsonNode Test)> Tests(string file) =>
        from @group in Vectors.Wycheproof(file)["testGroups"]!.AsArray()
        from test in @group["tests"]!.AsArray()
        select (@group, test);

    private static bool IsValid(JsonNode test) => test.Text("result") == "valid";

    private static string Id(string file, JsonNode test) => $"{file}, tcId {test["tcId"]}";
}

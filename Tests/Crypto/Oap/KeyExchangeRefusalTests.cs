using System.Buffers.Binary;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Oap.Wire;
using Ouroboros.Tests.Crypto.KeyExchange;

namespace Ouroboros.Tests.Crypto.Oap;

/// <summary>Key exchange data that are no good, inside of whole handshakes: each refused with -1008 at the end that finds it.</summary>
public class KeyExchangeRefusalTests
{
    private const long Now = 1_795_216_875_000_000_000;

    private static readonly KeyExchangeAlgorithm[] Kems = [.. KeyExchangeAlgorithms.All.Where(a => a.IsKem())];

    [TestCaseSource(typeof(BadKeys), nameof(BadKeys.Cases))]
    public void A_bad_key_in_a_request_and_in_a_response_is_refused(KeyExchangeAlgorithm algorithm, byte[] key)
    {
        var side = Side(algorithm);
        using var client = OapClient.Begin(side, "oping", Now);
        using var served = new OapServer().Serve(side, "oping", WithKey(client.Request.Span, 0, key), Now);
        Assert.That(served.Error, Is.EqualTo(FlowError.CryptoFailed));
        Assert.That(served.Failure, Is.AnyOf(OapFailure.KeyExchangeFailed, OapFailure.KeyExchangeMalformed));

        using var good = new OapServer().Serve(side, "oping", client.Request.Span, Now);
        Assert.That(good.Error, Is.EqualTo(FlowError.None));
        using var completed = client.Complete(WithKey(good.Response.Span, 32, key), Now);
        Assert.That((completed.Error, completed.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.KeyExchangeFailed)));
    }

    [TestCaseSource(nameof(Kems)), Category(PostQuantum.Category)]
    public void A_KEM_s_key_or_ciphertext_of_another_length_is_refused(KeyExchangeAlgorithm algorithm)
    {
        Require(algorithm);
        var side = Side(algorithm);
        using var client = OapClient.Begin(side, "oping", Now);
        var key = client.Request.Span[36..].ToArray();
        foreach (var wrong in new[] { key[..^1], [.. key, 0], key[..1], key[..^32], new byte[16383] })
        {
            using var served = new OapServer().Serve(side, "oping", WithKey(client.Request.Span, 0, wrong), Now);
            Assert.That(served.Error, Is.EqualTo(FlowError.CryptoFailed), $"{wrong.Length} bytes");
        }
        using var good = new OapServer().Serve(side, "oping", client.Request.Span, Now);
        var ciphertext = good.Response.Span[36..^32].ToArray();
        Assert.That(ciphertext, Has.Length.EqualTo(algorithm.CiphertextLength()));
        foreach (var wrong in new[] { ciphertext[..^1], [.. ciphertext, 0], ciphertext[..1], ciphertext[..^32], new byte[16383], [] })
        {
            using var completed = client.Complete(WithKey(good.Response.Span, 32, wrong), Now);
            Assert.That((completed.Error, completed.Failure), Is.EqualTo((FlowError.CryptoFailed, OapFailure.KeyExchangeFailed)), $"{wrong.Length} bytes");
        }
    }

    [TestCaseSource(nameof(Kems)), Category(PostQuantum.Category)]
    public void A_ciphertext_of_another_length_to_a_static_key_is_refused(KeyExchangeAlgorithm algorithm)
    {
        Require(algorithm);
        using var key = KeyExchanges.Get(algorithm).Generate();
        var side = new OapSide
        {
            Encryption = new EncryptionOptions { KeyExchange = algorithm, KemMode = KemMode.Client },
            ServerKey = key.PublicKey,
            StaticKey = key,
        };
        using var client = OapClient.Begin(side, "oping", Now);
        var ciphertext = client.Request.Span[36..].ToArray();
        foreach (var wrong in new[] { ciphertext[..^1], [.. ciphertext, 0], ciphertext[..1], ciphertext[..^32], new byte[16383] })
        {
            using var served = new OapServer().Serve(side, "oping", WithKey(client.Request.Span, 0, wrong), Now);
            Assert.That(served.Error, Is.EqualTo(FlowError.CryptoFailed), $"{wrong.Length} bytes");
        }
        // Damage is not reported, as the KEM has it: the two ends have different keys, and no packet decrypts.
        ciphertext[5] ^= 1;
        using var damaged = new OapServer().Serve(side, "oping", WithKey(client.Request.Span, 0, ciphertext), Now);
        Assert.That(damaged.Error, Is.EqualTo(FlowError.None));
        using var fine = new OapServer().Serve(side, "oping", client.Request.Span, Now);
        using var one = damaged.TakeKey();
        using var other = fine.TakeKey();
        Assert.That(one!.Span.SequenceEqual(other!.Span), Is.False);
        // Only that the client notices the changed request before that.
        using var completed = client.Complete(damaged.Response.Span, Now);
        Assert.That(completed.Failure, Is.EqualTo(OapFailure.RequestHashMismatch));
    }

    [TestCaseSource(nameof(Kems)), Category(PostQuantum.Category)]
    public void No_flip_in_the_header_of_a_response_to_a_client_that_encapsulates_gives_another_cipher_than_a_stronger_one(KeyExchangeAlgorithm algorithm)
    {
        Require(algorithm);
        using var key = KeyExchanges.Get(algorithm).Generate();
        var side = new OapSide
        {
            Encryption = new EncryptionOptions { KeyExchange = algorithm, KemMode = KemMode.Client, Cipher = CipherAlgorithm.Aes256Gcm },
            ServerKey = key.PublicKey,
            StaticKey = key,
        };
        using var client = OapClient.Begin(side, "oping", Now);
        using var served = new OapServer().Serve(side, "oping", client.Request.Span, Now);
        for (var bit = 0; bit < OapMessage.HeaderLength * 8; bit++)
        {
            var response = served.Response.ToArray();
            response[bit / 8] ^= (byte)(1 << (bit % 8));
            using var completed = client.Complete(response, Now);
            Assert.That(completed.Error, Is.AnyOf(FlowError.None, FlowError.CryptoFailed), $"bit {bit}");
            if (completed.Error == FlowError.None) Assert.That(completed.Cipher.Rank(), Is.GreaterThanOrEqualTo(CipherAlgorithm.Aes256Gcm.Rank()), $"bit {bit}");
        }
    }

    private static void Require(KeyExchangeAlgorithm algorithm)
    {
        // OpenSSL's where it has them, else BouncyCastle's in the profile full.
        if (!KeyExchanges.IsSupported(algorithm)) PostQuantum.Require();
    }

    private static OapSide Side(KeyExchangeAlgorithm algorithm) => new() { Encryption = new EncryptionOptions { KeyExchange = algorithm } };

    /// <summary>The same message, [header | key exchange | hash], with other key exchange data; a response still belongs to its request.</summary>
    private static byte[] WithKey(ReadOnlySpan<byte> message, int hashLength, byte[] key)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(message[32..]) & 0x3fff;
        byte[] changed = [.. message[..36], .. key, .. message.Slice(36 + length, hashLength)];
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(32), (ushort)((BinaryPrimitives.ReadUInt16BigEndian(message[32..]) & 0xc000) | key.Length));
        return changed;
    }
}

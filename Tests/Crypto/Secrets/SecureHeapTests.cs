using System.Security.Cryptography;
using System.Text;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Tests.Crypto.Secrets;

/// <summary>What the secure heap holds is a matter of the whole process: no other test may run meanwhile.</summary>
[NonParallelizable]
public class SecureHeapTests
{
    private const int Many = 64;
    private const long Size = 2 << 20;

    [OneTimeSetUp]
    public void Start()
    {
        SecureHeap.Start(Size);
        Assert.That(SecureHeap.State, Is.EqualTo(SecureHeapState.Locked).Or.EqualTo(SecureHeapState.Unlocked), "this OpenSSL has a secure heap");
    }

    [Test]
    public void It_is_made_once()
    {
        var (state, size) = (SecureHeap.State, SecureHeap.Size);
        Assert.That(SecureHeap.Start(SecureHeap.Largest), Is.False);
        Assert.That((SecureHeap.State, SecureHeap.Size), Is.EqualTo((state, size)));
        Assert.That(size, Is.Positive.And.LessThanOrEqualTo(Size));
    }

    [Test]
    public void It_is_locked_where_the_limit_allows_it()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("reads /proc/self/limits");
        var limit = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max locked memory", StringComparison.Ordinal));
        if (!limit.Contains("unlimited") && long.Parse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]) < 2 * Size) Assert.Ignore(limit);
        Assert.That(SecureHeap.State, Is.EqualTo(SecureHeapState.Locked));
    }

    [TestCase(KeyExchangeAlgorithm.X25519, 32)]
    [TestCase(KeyExchangeAlgorithm.X448, 64)]
    [TestCase(KeyExchangeAlgorithm.P256, 32)]
    [TestCase(KeyExchangeAlgorithm.P384, 64)]
    [TestCase(KeyExchangeAlgorithm.P521, SecureHeap.KeyLength)]
    [TestCase(KeyExchangeAlgorithm.Ffdhe2048, 32)]
    public void An_ephemeral_key_is_in_it_as_long_as_it_lives(KeyExchangeAlgorithm algorithm, int each) =>
        Holds(() => KeyExchanges.Get(algorithm).Generate(), each);

    [TestCase(KeyExchangeAlgorithm.X25519MlKem768, 32)]
    [TestCase(KeyExchangeAlgorithm.X448MlKem1024, 64)]
    [Category(PostQuantum.Category)]
    public void Of_a_hybrid_its_elliptic_part_is_in_it(KeyExchangeAlgorithm algorithm, int each)
    {
        PostQuantum.Require();
        if (!OpenSslLibrary.HasKeyType(algorithm.Name())) Assert.Ignore("the keys are BouncyCastle's");
        Holds(() => KeyExchanges.Get(algorithm).Generate(), each);
    }

    [Test]
    public void A_signing_key_is_in_it()
    {
        using var rsa = new SecretBuffer(Rsa());
        Holds(() => SigningKey.ReadPem(rsa), 512);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ec = new SecretBuffer(Encoding.ASCII.GetBytes(curve.ExportPkcs8PrivateKeyPem()));
        Holds(() => SigningKey.ReadPem(ec), 32);
    }

    [TestCase(4, 1, 8, ExpectedResult = 4, TestName = "Secure heap: what is wanted, if it can be locked")]
    [TestCase(4, 1, 3, ExpectedResult = 2, TestName = "Secure heap: less, if that is enough")]
    [TestCase(4, 4, 3, ExpectedResult = 4, TestName = "Secure heap: what is wanted, unlocked, if less is not enough")]
    [TestCase(1, 16, 64, ExpectedResult = 16, TestName = "Secure heap: more, if it is needed")]
    [TestCase(5, 1, 64, ExpectedResult = 8, TestName = "Secure heap: a power of two")]
    [TestCase(0, 0, 0, ExpectedResult = 1, TestName = "Secure heap: at least 1 MiB")]
    [TestCase(4096, 1, 1 << 20, ExpectedResult = 1024, TestName = "Secure heap: at most 1 GiB")]
    public long The_size_is(long wanted, long needed, long limit) => SecureHeap.Choose(wanted << 20, needed << 20, size => size <= limit << 20) >> 20;

    [Test]
    public void A_key_is_refused_before_random_generators_run_out_of_room()
    {
        Assert.That(SecureHeap.HasRoom(Size, 0), Is.True);
        Assert.That(SecureHeap.HasRoom(Size, Size * 3 / 4), Is.True);
        Assert.That(SecureHeap.HasRoom(Size, (Size * 3 / 4) + 1), Is.False);
        // And really: when it is nearly full the next key is refused with a reason, and all is well again when there is room.
        var (half, quarter, more) = (Fill(SecureHeap.Size / 2), Fill(SecureHeap.Size / 4), Fill(32));
        try
        {
            using var pem = new SecretBuffer(Rsa());
            var refused = Assert.Throws<OpenSslException>(() => KeyExchanges.Get(KeyExchangeAlgorithm.X25519).Generate());
            Assert.That(refused!.Message, Does.Contain("ouroboros.security.secure-heap"));
            Assert.Throws<OpenSslException>(() => SigningKey.ReadPem(pem));
            Assert.That(RandomNumberGenerator.GetBytes(32), Has.Some.Not.Zero);
        }
        finally
        {
            half.Dispose();
            quarter.Dispose();
            more.Dispose();
        }
        KeyExchanges.Get(KeyExchangeAlgorithm.X25519).Generate().Dispose();
    }

    /// <summary>A key of any length.</summary>
    private static unsafe EvpKeyHandle Fill(long length)
    {
        var bytes = new byte[length];
        fixed (byte* b = bytes)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_private_key_ex(0, "HMAC", null, b, (nuint)length);
            Assert.That(key.IsInvalid, Is.False);
            return key;
        }
    }

    private static byte[] Rsa()
    {
        using var rsa = RSA.Create(2048);
        return Encoding.ASCII.GetBytes(rsa.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Many keys at once, so that the odd key of another test which its finalizer lets go makes no difference.</summary>
    private static void Holds(Func<IDisposable> make, int each)
    {
        make().Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = SecureHeap.Used;
        var keys = Enumerable.Range(0, Many).Select(_ => make()).ToList();
        Assert.That(SecureHeap.Used - before, Is.GreaterThan(Many * each * 3 / 4));
        foreach (var key in keys) key.Dispose();
        Assert.That(SecureHeap.Used - before, Is.LessThan(Many * each / 4));
    }
}

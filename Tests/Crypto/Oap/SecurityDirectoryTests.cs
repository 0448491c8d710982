using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Tests.Crypto.Oap;

public class SecurityDirectoryTests
{
    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("ouroboros-security-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_name_without_files_has_no_security()
    {
        using var directory = new SecurityDirectory(_folder);
        Assert.That(directory.Server("oping").Encryption, Is.Null);
        Assert.That(directory.Client("oping").Identity, Is.Null);
        Assert.That(directory.Client("../server/oping").Encryption, Is.Null);
        Assert.That(directory.Client("..").Encryption, Is.Null);
        Assert.That(new SecurityDirectory("/nowhere").Trust, Is.Null);
    }

    [Test]
    public void Two_sides_with_files_in_the_reference_s_layout_authenticate_and_encrypt()
    {
        Put("ec.ca.crt.pem", "cacert/ec");
        Put("ec.im.crt.pem", "untrusted/ec");
        Put("ec.oping.crt.pem", "server/oping/crt.pem");
        Put("ec.oping.key.pem", "server/oping/key.pem");
        Write("server/oping/enc.conf", "kex=X25519\ncipher=chacha20-poly1305\n");
        Write("client/oping/enc.conf", "kex=secp384r1\nkdf=sha512\n");
        using var directory = new SecurityDirectory(_folder);
        const long now = 1_795_216_875_986_028_168;
        using var client = OapClient.Begin(directory.Client("oping"), "oping", now);
        using var served = new OapServer().Serve(directory.Server("oping"), "oping", client.Request.Span, now);
        using var done = client.Complete(served.Response.Span, now);
        Assert.That((done.Error, done.Peer, done.Cipher), Is.EqualTo((FlowError.None, "oping", CipherAlgorithm.ChaCha20Poly1305)), done.Detail);
        using var one = done.TakeKey();
        using var other = served.TakeKey();
        Assert.That(one!.Span.ToArray(), Is.EqualTo(other!.Span.ToArray()));
    }

    [Test]
    public void A_change_counts_from_the_next_flow_on_and_what_has_not_changed_is_not_read_again()
    {
        Write("server/oping/enc.conf", "kex=X25519");
        using var directory = new SecurityDirectory(_folder);
        var first = directory.Server("oping");
        Assert.That(directory.Server("oping"), Is.SameAs(first));
        Write("server/oping/enc.conf", "kex=X448\ncipher=aes-128-gcm");
        Assert.That(directory.Server("oping").Encryption!.KeyExchange, Is.EqualTo(KeyExchangeAlgorithm.X448));
        File.Delete(Path.Combine(_folder, "server/oping/enc.conf"));
        Assert.That(directory.Server("oping").Encryption, Is.Null);
    }

    [Test]
    public void Files_elsewhere_are_used_and_have_to_be_there()
    {
        Write("elsewhere.conf", "kex=X25519");
        using var directory = new SecurityDirectory(_folder);
        var paths = new SidePaths(Path.Combine(_folder, "elsewhere.conf"), Vectors.Certificate("ec.oping.crt.pem"), Vectors.Certificate("ec.oping.key.pem"));
        var side = directory.Server("oping", paths);
        Assert.That(side.Encryption!.KeyExchange, Is.EqualTo(KeyExchangeAlgorithm.X25519));
        Assert.That(side.Identity!.Certificate.CommonName, Is.EqualTo("oping"));
        var e = Assert.Throws<FlowException>(() => directory.Server("oping", paths with { Encryption = "/nowhere/enc.conf" }));
        Assert.That(e!.Error, Is.EqualTo(FlowError.CryptoFailed));
        Assert.That(e.Message, Does.Contain("/nowhere/enc.conf"));
    }

    [Test]
    public void A_certificate_or_key_alone_is_refused_and_not_left_out()
    {
        using var directory = new SecurityDirectory(_folder);
        var certificate = SidePaths.Default with { Certificate = Vectors.Certificate("ec.oping.crt.pem") };
        var key = SidePaths.Default with { Key = Vectors.Certificate("ec.oping.key.pem") };
        Assert.That(Assert.Throws<FlowException>(() => directory.Server("oping", certificate))!.Message, Does.Contain("crt.pem").And.Contain("without its key; give key-file too"));
        Assert.That(Assert.Throws<FlowException>(() => directory.Client("oping", key))!.Message, Does.Contain("key.pem").And.Contain("without its certificate; give crt-file too"));
        Put("ec.oping.key.pem", "server/oping/key.pem");
        Assert.That(directory.Server("oping", certificate).Identity, Is.Not.Null, "the folder of the name has the other one");
    }

    [Test]
    public void Files_that_cannot_be_used_are_refused_with_the_reference_s_numbers()
    {
        Write("server/a/enc.conf", "kex=P-256");
        Write("client/a/enc.conf", "kex=P-256");
        Put("ec.oping.crt.pem", "server/b/crt.pem");
        Put("ec.client.key.pem", "server/b/key.pem");
        using var directory = new SecurityDirectory(_folder);
        Assert.That(Assert.Throws<FlowException>(() => directory.Server("a"))!.Error, Is.EqualTo(FlowError.CryptoFailed));
        Assert.That(Assert.Throws<FlowException>(() => directory.Client("a"))!.Error, Is.EqualTo(FlowError.BadDescriptor));
        Assert.That(Assert.Throws<FlowException>(() => directory.Server("b"))!.Error, Is.EqualTo(FlowError.AuthenticationFailed));
    }

    [Test, Category(PostQuantum.Category)]
    public void Static_keys_for_clients_that_encapsulate_are_found()
    {
        if (!Ouroboros.Crypto.KeyExchange.KeyExchanges.IsSupported(KeyExchangeAlgorithm.MlKem768)) PostQuantum.Require();
        Write("server/oping/enc.conf", "kex=ML-KEM-768\nkem_mode=client");
        Write("client/oping/enc.conf", "kex=ML-KEM-768\nkem_mode=client");
        Put("mlkem768.kex.key.pem", "server/oping/kex.key.pem");
        Put("mlkem768.kex.srv.pub.pem", "client/oping/kex.srv.pub.pem");
        Write("server/hybrid/enc.conf", "kex=X25519MLKEM768\nkem_mode=client");
        Write("client/hybrid/enc.conf", "kex=X25519MLKEM768\nkem_mode=client");
        Put("x25519mlkem768.kex.key.raw", "server/hybrid/kex.key.raw");
        Put("x25519mlkem768.kex.srv.pub.raw", "client/hybrid/kex.srv.pub.raw");
        using var directory = new SecurityDirectory(_folder);
        foreach (var name in new[] { "oping", "hybrid" })
        {
            using var client = OapClient.Begin(directory.Client(name), name, 1_795_216_875_986_028_168);
            using var served = new OapServer().Serve(directory.Server(name), name, client.Request.Span, 1_795_216_875_986_028_168);
            using var done = client.Complete(served.Response.Span, 1_795_216_875_986_028_168);
            Assert.That(done.Error, Is.EqualTo(FlowError.None), done.Detail + served.Detail);
            using var one = done.TakeKey();
            using var other = served.TakeKey();
            Assert.That(one!.Span.ToArray(), Is.EqualTo(other!.Span.ToArray()));
        }
    }

    private void Put(string vector, string path) => Write(path, File.ReadAllBytes(Vectors.Certificate(vector)));

    private void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string path, byte[] bytes)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }
}

using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Oap;
using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>Flows with real keys and certificates, from the reference's layout of files: direct, and through a layer.</summary>
[TestFixture(0u, 0u)]
[TestFixture(1001u, 1002u)]
public sealed class EncryptedFlowTests(uint serverUid, uint clientUid) : RuntimeTest
{
    private readonly SecurityFolder _files = new();

    // Keys change every 16 packets.
    protected override IFlowSecurity Security => new OapFlowSecurity(new SecurityDirectory(_files.Path), Time, new PacketCipherOptions { RotationBit = 4 });

    // The certificates of the vectors are valid from November 2026 on.
    protected override DateTimeOffset? Start => new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [OneTimeSetUp]
    public void MakeFiles() => _files.PutAuthorities();

    [OneTimeTearDown]
    public void RemoveFiles() => _files.Dispose();

    [TearDown]
    public void Forget() => _files.Forget();

    [TestCase("aes-128-gcm", CipherAlgorithm.Aes128Gcm)]
    [TestCase("aes-256-gcm", CipherAlgorithm.Aes256Gcm)]
    [TestCase("chacha20-poly1305", CipherAlgorithm.ChaCha20Poly1305)]
    public async Task An_encrypted_raw_flow_carries_packets_of_every_size_both_ways_across_rotations(string cipher, CipherAlgorithm algorithm)
    {
        _files.Write("client/svc/enc.conf", $"kex=X25519\ncipher={cipher}\n");
        var (a, b) = await Flow(QosSpec.Raw);
        Assert.That((a.Cipher, b.Cipher, a.Peer, b.Peer), Is.EqualTo((algorithm, algorithm, (string?)null, (string?)null)));
        for (var i = 1; i <= 100; i++)
        {
            await a.WriteAsync(Bytes(i));
            Assert.That(await Read(b), Is.EqualTo(Bytes(i)));
            await b.WriteAsync(Bytes(100 - i + 1));
            Assert.That(await Read(a), Is.EqualTo(Bytes(100 - i + 1)));
        }
        var largest = new byte[Math.Min(a.MaxPacketSize, 60_000)];
        await a.WriteAsync(largest);
        Assert.That(await Read(b, largest.Length + 1), Is.EqualTo(largest));
        Assert.That(await ErrorOf(a.WriteAsync(new byte[a.MaxPacketSize + 1])), Is.EqualTo(FlowError.MessageTooLong));
    }

    [Test]
    public async Task A_reliable_flow_is_encrypted_too_and_both_sides_know_each_other()
    {
        _files.Write("client/oping/enc.conf", "kex=secp384r1\nkdf=sha512\n");
        _files.Write("server/oping/enc.conf", "kex=prime256v1\ncipher=chacha20-poly1305\n");
        _files.PutIdentity("ec.client", "client/oping");
        _files.PutIdentity("ec.oping", "server/oping");
        var (a, b) = await Flow(QosSpec.Data, "oping");
        Assert.That((a.Cipher, a.Peer, b.Peer), Is.EqualTo((CipherAlgorithm.ChaCha20Poly1305, "oping", "alice.h1")));
        for (var i = 1; i <= 200; i++)
        {
            await a.WriteAsync(Bytes(i));
            Assert.That(await Read(b), Is.EqualTo(Bytes(i)));
        }
    }

    [Test]
    public async Task A_server_that_signs_is_known_to_its_client_also_without_encryption()
    {
        _files.PutIdentity("ec.oping", "server/oping");
        var (a, b) = await Flow(QosSpec.Raw, "oping");
        Assert.That((a.Peer, a.Cipher, b.Peer), Is.EqualTo(("oping", CipherAlgorithm.None, (string?)null)));
        await a.WriteAsync(Bytes(3));
        Assert.That(await Read(b), Is.EqualTo(Bytes(3)));
    }

    [TestCase("server/svc/enc.conf", "kex=X25519\n", FlowError.CryptoFailed, TestName = "Encryption required and not offered")]
    [TestCase("client/svc/enc.conf", "kex=nonsense\n", FlowError.BadDescriptor, TestName = "Own encryption that cannot be understood")]
    [TestCase("server/svc/enc.conf", "kex=nonsense\n", FlowError.CryptoFailed, TestName = "Encryption of the server that cannot be understood")]
    public async Task Refusals(string file, string text, FlowError error)
    {
        _files.Write(file, text);
        var (server, client) = await Ends("svc");
        var accept = server.AcceptAsync().AsTask();
        Assert.That(await ErrorOf(client.AllocateAsync("svc")), Is.EqualTo(error));
        if (file.StartsWith("server", StringComparison.Ordinal) || serverUid == clientUid) Assert.That(await ErrorOf(accept), Is.EqualTo(error));
        // What is put right counts for the next flow.
        _files.Forget();
        if (accept.IsCompleted) accept = server.AcceptAsync().AsTask();
        Assert.That((await client.AllocateAsync("svc").AsTask().WaitAsync(Soon)).Cipher, Is.EqualTo(CipherAlgorithm.None));
        await accept.WaitAsync(Soon);
    }

    [TestCase("rogue", "oping", TestName = "A certificate of another authority")]
    [TestCase("ec", "other", TestName = "A certificate for another name")]
    public async Task A_server_that_is_not_who_it_says_is_refused(string authority, string subject)
    {
        _files.Put($"{authority}.{subject}.crt.pem", "server/oping/crt.pem");
        _files.Put($"{authority}.{subject}.key.pem", "server/oping/key.pem");
        var (server, client) = await Ends("oping");
        var accept = server.AcceptAsync().AsTask();
        Assert.That(await ErrorOf(client.AllocateAsync("oping")), Is.EqualTo(FlowError.CryptoFailed));
        if (serverUid == clientUid)
        {
            Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.CryptoFailed));
        }
        else
        {
            var orphan = await accept.WaitAsync(Soon);
            await Until(() => orphan.IsDown, "the server is told");
        }
    }

    private async Task<(Flow Client, Flow Server)> Flow(QosSpec qos, string name = "svc")
    {
        var (server, client) = await Ends(name);
        var accept = server.AcceptAsync().AsTask();
        var allocate = client.AllocateAsync(name, qos).AsTask();
        return (await allocate.WaitAsync(Soon), await accept.WaitAsync(Soon));
    }

    private async Task<(Application Server, Application Client)> Ends(string name)
    {
        await LocalLayer("loc", "L", name);
        return (await Serve(name, uid: serverUid), await Attach(uid: clientUid));
    }
}

using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Oap;
using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Security;
using Serilog.Core;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>Applications of other processes: the daemon has the keys, and they are told what it knows of their peers.</summary>
public sealed class AttachedFlowTests : RuntimeTest
{
    private readonly SecurityFolder _files = new();

    protected override IFlowSecurity Security => new OapFlowSecurity(new SecurityDirectory(_files.Path), Time);

    // The certificates of the vectors are valid from November 2026 on.
    protected override DateTimeOffset? Start => new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [OneTimeSetUp]
    public void MakeFiles() => _files.PutAuthorities();

    [OneTimeTearDown]
    public void RemoveFiles() => _files.Dispose();

    [Test]
    public async Task Both_are_told_who_the_peer_is_and_how_packets_are_encrypted()
    {
        var folder = Directory.CreateTempSubdirectory("o7s-attached");
        var settings = new ControlSettings { Socket = Path.Combine(folder.FullName, "irm.sock") };
        await using (ControlServer.Start(new ControlCommands(Node, Time, Logger.None), settings, Time, Logger.None, _ => new Credentials(0, 0, "test")))
        {
            var irm = new ControlClient(settings.Socket);
            await using var server = await irm.AttachAsync("server").WaitAsync(Soon);
            await using var client = await irm.AttachAsync("client").WaitAsync(Soon);
            await server.BindAsync("oping");

            var (one, other) = await Connect(client, server, "oping");
            Assert.That((one.Cipher, one.Peer, other.Cipher, other.Peer), Is.EqualTo((CipherAlgorithm.None, (string?)null, CipherAlgorithm.None, (string?)null)));

            _files.Write("server/oping/enc.conf", "kex=X25519\ncipher=chacha20-poly1305\n");
            _files.Write("client/oping/enc.conf", "kex=X25519\n");
            _files.PutIdentity("ec.client", "client/oping");
            _files.PutIdentity("ec.oping", "server/oping");
            var (a, b) = await Connect(client, server, "oping");
            Assert.That((a.Cipher, a.Peer), Is.EqualTo((CipherAlgorithm.ChaCha20Poly1305, "oping")));
            Assert.That((b.Cipher, b.Peer), Is.EqualTo((CipherAlgorithm.ChaCha20Poly1305, "alice.h1")));
            await a.WriteAsync("ping"u8.ToArray());
            using var packet = await b.ReadPacketAsync().AsTask().WaitAsync(Soon);
            Assert.That(packet.Span.SequenceEqual("ping"u8), Is.True);
        }
        folder.Delete();
    }
}

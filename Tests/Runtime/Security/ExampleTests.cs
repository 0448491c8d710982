using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>The examples of the README, loaded and used as they stand in <c>hocon/</c>.</summary>
public sealed class ExampleTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private SecurityFolder _files = null!;

    [SetUp]
    public void MakeFolder() => _files = new SecurityFolder();

    [TearDown]
    public void RemoveFolder() => _files.Dispose();

    [Test]
    public async Task One_name_is_encrypted()
    {
        await using var node = await Start("encrypted");
        var (client, server) = await Connect(node, "vault");
        Assert.That((client.Cipher, server.Cipher, client.Peer), Is.EqualTo((CipherAlgorithm.Aes256Gcm, CipherAlgorithm.Aes256Gcm, (string?)null)));
        // A client of this name that asks for none is refused.
        await node.Irm.SecureNameAsync(new("vault") { Server = (await Info(node, "vault")).Server });
        await using var other = await node.AttachAsync("clear");
        Assert.That(Assert.ThrowsAsync<FlowException>(async () => await Allocate(node, other, "vault"))!.Error, Is.EqualTo(FlowError.CryptoFailed));
    }

    [Test]
    public async Task One_name_is_authenticated()
    {
        _files.PutAuthorities();
        _files.PutIdentity("ec.oping", "server/oping");
        await using var node = await Start("authenticated");
        var (client, _) = await Connect(node, "oping");
        Assert.That((client.Peer, client.Cipher), Is.EqualTo(("oping", CipherAlgorithm.Aes256Gcm)));
        // A server without its certificate is refused.
        _files.Forget();
        await using var other = await node.AttachAsync("careful");
        var refused = Assert.ThrowsAsync<FlowException>(async () => await Allocate(node, other, "oping"));
        Assert.That(refused!.Error, Is.EqualTo(FlowError.CryptoFailed));
        Assert.That(refused.Message, Does.Contain("does not authenticate itself"));
    }

    [Test, Category("PostQuantum")]
    public async Task One_name_is_post_quantum()
    {
        if (!KeyExchanges.IsSupported(KeyExchangeAlgorithm.X25519MlKem768)) Assert.Inconclusive("OpenSSL 3.5 or the profile full is needed; that it is refused without is tested with the other examples");
        await using var node = await Start("post-quantum");
        var (client, server) = await Connect(node, "archive");
        Assert.That((client.Cipher, server.Cipher), Is.EqualTo((CipherAlgorithm.ChaCha20Poly1305, CipherAlgorithm.ChaCha20Poly1305)));
    }

    [TestCase("encrypted")]
    [TestCase("authenticated")]
    [TestCase("post-quantum")]
    public void The_README_shows_them_as_they_are_in_five_lines(string example)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "hocon", example + ".conf")).Where(l => !l.StartsWith('#')).ToArray();
        Assert.That(lines, Has.Length.EqualTo(5));
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.That(readme, Does.Contain(string.Join('\n', lines)));
    }

    [Test]
    public void Security_files_that_cannot_be_used_stop_the_start_with_path_and_reason()
    {
        _files.Write("server/vault/crt.pem", "no certificate");
        _files.Write("server/vault/key.pem", "no key");
        var stopped = Assert.ThrowsAsync<FlowException>(() => Start("encrypted"));
        Assert.That(stopped!.Message, Does.StartWith("ouroboros.name.vault: server: ").And.Contain("server/vault/crt.pem"));
        _files.Write("cacert/x", "no certificate");
        stopped = Assert.ThrowsAsync<FlowException>(() => Start("encrypted"));
        Assert.That(stopped!.Message, Does.StartWith("ouroboros.irmd.security-dir: ").And.Contain("cacert/x"));
    }

    private static async Task<Ouroboros.Runtime.Irmd.Protocol.NameInfo> Info(OuroborosRuntime node, string name) => (await node.Irm.ListNamesAsync()).Single(n => n.Name == name) with { Security = null };

    private async Task<OuroborosRuntime> Start(string example)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "hocon", example + ".conf"));
        var config = HoconConfig.ParseString($"{text}\nouroboros.irmd.security-dir = \"{_files.Path}\"") with
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        };
        return await OuroborosRuntime.StartAsync(config);
    }

    private static async Task<(Flow Client, Flow Server)> Connect(OuroborosRuntime node, string name)
    {
        var server = await node.AttachAsync("server");
        await server.BindAsync(name);
        var client = await node.AttachAsync("client");
        var accept = server.AcceptAsync().AsTask();
        var flow = await client.AllocateAsync(name).AsTask().WaitAsync(Soon);
        var accepted = await accept.WaitAsync(Soon);
        await flow.WriteAsync(new byte[] { 1, 2, 3 });
        var buffer = new byte[10];
        Assert.That(await accepted.ReadAsync(buffer).AsTask().WaitAsync(Soon), Is.EqualTo(3));
        return (flow, accepted);
    }

    private static async Task<Flow> Allocate(OuroborosRuntime node, Application client, string name)
    {
        var server = await node.AttachAsync("another");
        await server.BindAsync(name);
        var accept = server.AcceptAsync().AsTask();
        _ = accept.ContinueWith(static t => t.Exception, TaskScheduler.Default);
        return await client.AllocateAsync(name).AsTask().WaitAsync(Soon);
    }
}

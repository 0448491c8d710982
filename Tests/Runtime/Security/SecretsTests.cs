using System.Collections.Concurrent;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Signatures;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>What an operator or a peer gets to see of a name whose keys are in a token or in files: neither the PIN nor the keys.</summary>
[NonParallelizable]
public sealed class SecretsTests : RuntimeTest
{
    private const string Pin = "7946138520";

    private readonly SecurityFolder _files = new();
    private readonly Everything _log = new();
    private ILogger _former = Logger.None;

    protected override IFlowSecurity Security => new OapFlowSecurity(new SecurityDirectory(_files.Path), Time);

    protected override DateTimeOffset? Start => new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private static string KeyText => string.Concat(File.ReadAllLines(SecurityFolder.Vector("ec.oping.key.pem")).Where(l => !l.StartsWith('-')));

    [OneTimeSetUp]
    public void ListenToAll()
    {
        // Before the runtime is made: what it makes logs to what is there then.
        _former = Log.Logger;
        Log.Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_log).CreateLogger();
    }

    [OneTimeTearDown]
    public void Forget()
    {
        Log.Logger = _former;
        _files.Dispose();
    }

    [Test]
    public async Task The_PIN_of_a_token_is_in_no_list_text_exception_or_log()
    {
        var uri = $"pkcs11:token=nobody;object=svc;type=private?pin-value={Pin}";
        var info = new NameInfo("svc", Security: new SecurityPaths(
            ServerCertificate: SecurityFolder.Vector("ec.oping.crt.pem"), ServerKey: uri, ClientCertificate: SecurityFolder.Vector("ec.client.crt.pem"), ClientKey: uri));
        Assert.That(info.Security!.ServerKey, Does.Contain(Pin), "it is there for whoever opens the key");
        await LocalLayer("loc", "L", "svc");
        await Node.Irm.SecureNameAsync(info);
        var server = await Serve("svc");
        var client = await Attach();
        var accept = server.AcceptAsync().AsTask();
        var refusal = Assert.CatchAsync<FlowException>(() => client.AllocateAsync("svc").AsTask().WaitAsync(Soon))!;
        Assert.That(refusal.Error, Is.EqualTo(FlowError.BadDescriptor), refusal.Message);
        var told = Assert.CatchAsync<FlowException>(() => accept.WaitAsync(Soon))!;
        accept = server.AcceptAsync().AsTask();

        // The server's side of it as well.
        await Node.Irm.SecureNameAsync(info with { Security = info.Security with { ClientCertificate = null, ClientKey = null } });
        var other = Assert.CatchAsync<FlowException>(() => client.AllocateAsync("svc").AsTask().WaitAsync(Soon))!;
        Assert.That(other.Error, Is.EqualTo(FlowError.AuthenticationFailed), other.Message);
        var atServer = Assert.CatchAsync<FlowException>(() => accept.WaitAsync(Soon))!;

        var listed = (await Node.Irm.ListNamesAsync()).Single(n => n.Name == "svc");
        Assert.That(listed.Security!.ServerKey, Is.EqualTo("pkcs11:token=nobody;object=svc;type=private"));
        string[] texts =
        [
            $"{info}", $"{listed}", $"{listed.Security!.ClientKey}", $"{info.Security}", $"{new IrmProtocol.SecureName(default!, info)}",
            $"{new SidePaths(Key: uri)}", $"{refusal}", $"{told}", $"{other}", $"{atServer}", .. _log.Seen,
        ];
        Assert.That(texts, Has.None.Contains(Pin));
        Assert.That(_log.Seen, Is.Not.Empty, "something was logged at all");
        Assert.That(SigningKey.Shown("/a/path?with=a question"), Is.EqualTo("/a/path?with=a question"));
    }

    [Test]
    public async Task Keys_are_in_no_text_and_no_log_and_options_that_change_count_from_the_next_flow()
    {
        _files.Put("ec.ca.crt.pem", "cacert/ca.pem");
        await LocalLayer("loc", "L", "oping");
        var server = await Serve("oping");
        var client = await Attach();
        var (plain, plainEnd) = await Connect(client, server, "oping");
        Assert.That(plain.Cipher, Is.EqualTo(Crypto.Algorithms.CipherAlgorithm.None));

        await Node.Irm.SecureNameAsync(new NameInfo("oping")
        {
            Client = new SidePolicy { Encryption = new EncryptionOptions { Cipher = Crypto.Algorithms.CipherAlgorithm.ChaCha20Poly1305 } },
        });
        _files.PutIdentity("ec.oping", "server/oping");
        // The authority's folder was not there at the start, so nobody is trusted: that refusal is what is logged.
        var accept = server.AcceptAsync().AsTask();
        var refusal = Assert.CatchAsync<FlowException>(() => client.AllocateAsync("oping").AsTask().WaitAsync(Soon))!;
        Assert.That(refusal.Error, Is.EqualTo(FlowError.CryptoFailed));
        Assert.That(plain.Cipher, Is.EqualTo(Crypto.Algorithms.CipherAlgorithm.None), "a flow that is there keeps what it has");
        await Settle(accept);

        Directory.Delete(Path.Combine(_files.Path, "server", "oping"), recursive: true);
        var (encrypted, encryptedEnd) = await Connect(client, server, "oping");
        Assert.That((encrypted.Cipher, encryptedEnd.Cipher), Is.EqualTo((Crypto.Algorithms.CipherAlgorithm.ChaCha20Poly1305, Crypto.Algorithms.CipherAlgorithm.ChaCha20Poly1305)));
        await Node.Irm.SecureNameAsync(new NameInfo("oping"));
        var (again, againEnd) = await Connect(client, server, "oping");
        Assert.That(again.Cipher, Is.EqualTo(Crypto.Algorithms.CipherAlgorithm.None));
        Assert.That(encrypted.Cipher, Is.EqualTo(Crypto.Algorithms.CipherAlgorithm.ChaCha20Poly1305));

        string[] texts = [$"{encrypted}", $"{encryptedEnd}", $"{refusal}", .. (await Node.Irm.ListFlowsAsync()).Select(f => $"{f}"), .. (await Node.Irm.ListNamesAsync()).Select(n => $"{n}"), .. _log.Seen];
        for (var at = 0; at + 16 <= KeyText.Length; at += 8) Assert.That(texts, Has.None.Contains(KeyText.Substring(at, 16)));
        foreach (var flow in new[] { plain, plainEnd, encrypted, encryptedEnd, again, againEnd }) flow.Dispose();
    }

    /// <summary>The server's end of a flow whose client was not content: refused, or down.</summary>
    private static async Task Settle(Task<Flow> accept)
    {
        try
        {
            (await accept.WaitAsync(Soon)).Dispose();
        }
        catch (FlowException)
        {
            // In one trust domain the acceptor is refused as well.
        }
    }

    private sealed class Everything : ILogEventSink
    {
        private readonly ConcurrentQueue<string> _seen = new();

        public string[] Seen => [.. _seen];

        public void Emit(LogEvent logEvent) =>
            _seen.Enqueue($"{logEvent.RenderMessage()} {string.Join(' ', logEvent.Properties.Select(p => $"{p.Value}"))} {logEvent.Exception}");
    }
}

using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Full;

/// <summary>A node manages another one over TLS; whoever has no certificate of their authority does not get a word in.</summary>
public sealed class RemoteControlTests : RemotingTest
{
    private static readonly Credentials Root = new(0, 0, "irm");

    private Authority _authority = null!;
    private OuroborosRuntime _server = null!;

    [SetUp]
    public async Task StartServer()
    {
        _authority = NewAuthority("nodes");
        _server = await StartAsync("server", Remote(_authority.IssueFile("server"), _authority.Pem));
    }

    [Test]
    public async Task A_node_manages_another()
    {
        var client = await StartAsync("client", Remote(_authority.IssueFile("client"), _authority.Pem));
        var irmd = IrmdOf(_server, client);
        var made = await irmd.Ask<IpcpInfo>(new IrmProtocol.CreateIpcp(Root, "here", IpcpType.Local), Soon);
        await irmd.Ask<IpcpInfo>(new IrmProtocol.BootstrapIpcp(Root, made.Id, new LocalConfig(new LayerInfo("lan", DirectoryHash.Sha3_256))), Soon);
        await irmd.Ask<IrmProtocol.Done>(new IrmProtocol.BindProgram(Root, new ProgramCommand("/bin/serve", ["--fast", "-v"]), "svc", false), Soon);
        await irmd.Ask<IrmProtocol.Done>(new IrmProtocol.RegisterName(Root, "svc", made.Id), Soon);

        var ipcps = await irmd.Ask<IReadOnlyList<IpcpInfo>>(new IrmProtocol.ListIpcps(Root), Soon);
        Assert.That(ipcps, Is.EqualTo(await _server.Irm.ListIpcpsAsync()));
        Assert.That(ipcps.Single().Layer, Is.EqualTo(new LayerInfo("lan", DirectoryHash.Sha3_256)));
        Assert.That(await irmd.Ask<IReadOnlyList<NameInfo>>(new IrmProtocol.ListNames(Root), Soon), Is.EqualTo(await _server.Irm.ListNamesAsync()));
        Assert.That(await irmd.Ask<IReadOnlyList<FlowInfo>>(new IrmProtocol.ListFlows(Root), Soon), Is.Empty);
    }

    [Test]
    public async Task Processes_and_flows_of_another_node_are_listed()
    {
        var client = await StartAsync("client", Remote(_authority.IssueFile("client"), _authority.Pem));
        await using var application = await _server.AttachAsync("app");
        await application.BindAsync("svc");
        var accepting = application.AcceptAsync();
        await using var flow = await application.AllocateAsync("svc");
        await using var accepted = await accepting.AsTask().WaitAsync(Soon);
        var irmd = IrmdOf(_server, client);
        var flows = await irmd.Ask<IReadOnlyList<FlowInfo>>(new IrmProtocol.ListFlows(Root), Soon);
        Assert.That(flows, Is.EqualTo(await _server.Irm.ListFlowsAsync()).And.Count.EqualTo(1));
        var process = (await irmd.Ask<IReadOnlyList<ProcessInfo>>(new IrmProtocol.ListProcesses(Root), Soon)).Single();
        Assert.That((process.Program, process.Uid, process.Names), Is.EqualTo(("app", 0u, new[] { "svc" })));
    }

    [Test]
    public async Task Errors_cross_with_number_and_message()
    {
        var client = await StartAsync("client", Remote(_authority.IssueFile("client"), _authority.Pem));
        var refused = Assert.ThrowsAsync<FlowException>(() => IrmdOf(_server, client).Ask<IrmProtocol.Done>(new IrmProtocol.DestroyName(Root, "nobody"), Soon));
        Assert.That(refused!.Error, Is.EqualTo(FlowError.NameUnknown));
        Assert.That(refused.Message, Does.Contain("nobody"));
        var ordinary = new Credentials(12345, 12345, "irm");
        refused = Assert.ThrowsAsync<FlowException>(() => IrmdOf(_server, client).Ask<IrmProtocol.Done>(new IrmProtocol.DestroyName(ordinary, "x"), Soon));
        Assert.That(refused!.Error, Is.EqualTo(FlowError.NotPermitted));
    }

    [Test]
    public async Task A_command_without_a_caller_is_refused_and_the_IRMd_goes_on()
    {
        var client = await StartAsync("client", Remote(_authority.IssueFile("client"), _authority.Pem));
        var refused = Assert.ThrowsAsync<FlowException>(() => IrmdOf(_server, client).Ask<object>(new IrmProtocol.CreateName(null!, null!), Soon));
        Assert.That(refused!.Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(_server.Inspect().All.Sum(a => a.Restarts), Is.Zero);
    }

    [Test]
    public async Task No_other_actor_is_reached_by_its_path_and_none_is_stopped_from_afar()
    {
        var client = await StartAsync("client", Remote(_authority.IssueFile("client"), _authority.Pem));
        var irmd = IrmdOf(_server, client);
        var heard = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.System.ActorOf(Props.Create(() => new Ear(heard)), "ear");
        client.System.ActorSelection($"{AddressOf(_server)}/user/ear").Tell("by path");
        irmd.Tell(PoisonPill.Instance);
        // Messages of one connection keep their order: when this is answered, those before it have been dropped.
        Assert.That(await irmd.Ask<IReadOnlyList<NameInfo>>(new IrmProtocol.ListNames(Root), Soon), Is.Empty);
        Assert.That(_server.Inspect().All.Sum(a => a.Restarts), Is.Zero);
        // Akka.NET lets Kill through; it is a failure like any other, so that the IRMd is restarted and goes on.
        irmd.Tell(Kill.Instance);
        Assert.That(await irmd.Ask<IReadOnlyList<NameInfo>>(new IrmProtocol.ListNames(Root), Soon), Is.Empty);
        _server.System.ActorSelection("/user/ear").Tell("from here");
        Assert.That(await heard.Task.WaitAsync(Soon), Is.EqualTo("from here"));
    }

    private sealed class Ear(TaskCompletionSource<object> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.TrySetResult(message);
    }

    [TestCase(7, "other")]
    [TestCase(-1, "nodes")]
    public async Task A_certificate_of_another_authority_or_out_of_date_is_refused(int days, string authority)
    {
        // The client trusts the server; it is the server that must refuse. The names of the authorities are the same or not: keys count.
        using var issuer = new Authority(authority);
        var path = days > 0 ? issuer.IssueFile("client") : _authority.IssueFile("client", days: 0);
        var client = await StartAsync("client", Remote(path, _authority.Pem, Impatient));
        var failed = Reported<AssociationErrorEvent>(client, e => e.RemoteAddress.Equals(AddressOf(_server)));
        IrmdOf(_server, client).Tell(new IrmProtocol.CreateName(Root, new NameInfo("intruder")));
        await failed;
        Assert.That(await _server.Irm.ListNamesAsync(), Is.Empty);
    }

    [Test]
    public async Task A_server_of_another_authority_is_not_talked_to()
    {
        using var issuer = new Authority("nodes");
        var client = await StartAsync("client", Remote(issuer.IssueFile("client"), issuer.Pem, Impatient));
        var failed = Reported<AssociationErrorEvent>(client, e => e.RemoteAddress.Equals(AddressOf(_server)));
        IrmdOf(_server, client).Tell(new IrmProtocol.CreateName(Root, new NameInfo("intruder")));
        await failed;
        Assert.That(await _server.Irm.ListNamesAsync(), Is.Empty);
    }

    [Test]
    public async Task A_client_without_certificate_or_without_TLS_is_cut_off()
    {
        using (var plain = await ConnectAsync())
        {
            await plain.GetStream().WriteAsync("\0\0\0\x10 not a handshake, and long enough"u8.ToArray());
            await ExpectEnd(plain.GetStream());
        }
        using var anonymous = await ConnectAsync();
        await using var tls = new SslStream(anonymous.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync("server").WaitAsync(Soon);
            await ExpectEnd(tls);
        }
        catch (Exception e) when (e is System.Security.Authentication.AuthenticationException or IOException)
        {
            Assert.Pass("refused in the handshake");
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(AddressOf(_server).Host, AddressOf(_server).Port!.Value);
        return client;
    }

    /// <summary>The other side ends the connection; an alert may come before that.</summary>
    private static async Task ExpectEnd(Stream stream)
    {
        try
        {
            var buffer = new byte[256];
            while (await stream.ReadAsync(buffer).AsTask().WaitAsync(Soon) > 0) { }
        }
        catch (IOException)
        {
        }
    }
}

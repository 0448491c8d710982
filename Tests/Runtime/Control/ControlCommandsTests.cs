using Ouroboros.Crypto.Oap;
using Google.Protobuf;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;
using Serilog.Core;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>The commands over a socket, on a runtime: what our client gets, and what one that knows no extensions gets.</summary>
public sealed class ControlCommandsTests : RuntimeTest
{
    private string _folder = null!;
    private ControlServer _server = null!;
    private ControlClient _irm = null!;
    private Credentials _caller = new(0, 0, "test");

    protected override RuntimeConfig Config => base.Config with { Irmd = new IrmdSettings { Group = "no-such-group" } };

    [SetUp]
    public void StartServer()
    {
        _caller = new Credentials(0, 0, "test");
        _folder = Directory.CreateTempSubdirectory("o7s-control").FullName;
        var settings = new ControlSettings { Socket = Path.Combine(_folder, "irm.sock") };
        _server = ControlServer.Start(new ControlCommands(Node, Time, Logger.None), settings, Time, Logger.None, _ => _caller);
        _irm = new ControlClient(settings.Socket);
    }

    [TearDown]
    public async Task StopServer()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder);
    }

    [Test]
    public async Task Names_are_made_listed_and_destroyed()
    {
        using var files = new Security.SecurityFolder();
        var (certificate, key) = (files.Put("ec.oping.crt.pem", "crt"), files.Put("ec.oping.key.pem", "key"));
        var paths = new SecurityPaths(files.Write("s", ""), certificate, key, files.Write("c", ""), certificate, key);
        await _irm.CreateNameAsync(new NameInfo("svc", LoadBalancing.RoundRobin, paths));
        await _irm.CreateNameAsync(new NameInfo("alpha"));

        Assert.That((await _irm.ListNamesAsync()).Select(n => (n.Name, n.LoadBalancing)), Is.EqualTo(new[] { ("alpha", LoadBalancing.Spill), ("svc", LoadBalancing.RoundRobin) }));
        Assert.That((await Node.Irm.ListNamesAsync()).Single(n => n.Name == "svc").Security, Is.EqualTo(paths));
        await _irm.DestroyNameAsync("svc");
        Assert.That(ErrorOf(() => _irm.DestroyNameAsync("svc")), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task Security_options_of_a_name_are_replaced_at_run_time_and_what_cannot_be_used_is_refused_with_its_reason()
    {
        using var files = new Security.SecurityFolder();
        await _irm.CreateNameAsync(new NameInfo("svc", LoadBalancing.RoundRobin));
        var paths = new SecurityPaths(ServerEncryption: files.Write("e", "kex=X25519"));
        var asked = new NameInfo("svc") { Security = paths, Server = new SidePolicy { RequireEncryption = true }, Client = new SidePolicy { RequireAuthentication = true, AllowCounterMode = true } };
        await _irm.SecureNameAsync(asked);
        var name = (await Node.Irm.ListNamesAsync()).Single();
        Assert.That((name.Security!.ServerEncryption, name.Server, name.Client, name.LoadBalancing), Is.EqualTo((paths.ServerEncryption, asked.Server, asked.Client, LoadBalancing.RoundRobin)));

        files.Write("e", "kex=nonsense");
        var refused = Assert.ThrowsAsync<FlowException>(() => _irm.SecureNameAsync(asked));
        Assert.That(refused!.Message, Does.Contain("server: ").And.Contain("nonsense").And.Contain("X25519"));
        await _irm.SecureNameAsync(new NameInfo("svc"));
        Assert.That((await Node.Irm.ListNamesAsync()).Single().Server, Is.Null);
        Assert.That(ErrorOf(() => _irm.SecureNameAsync(new NameInfo("nosuch"))), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task An_IPCP_is_made_bootstrapped_bound_registered_and_destroyed()
    {
        var id = await _irm.CreateIpcpAsync("lo", IpcpType.Local);
        Assert.That(id, Is.Not.Null);
        Assert.That((await _irm.ListIpcpsAsync()).Single(), Is.EqualTo(new IpcpInfo(id!.Value, "lo", IpcpType.Local, IpcpState.Boot, null, 0, null)));

        await _irm.BootstrapIpcpAsync(id.Value, new LocalOptions("layer") { Hash = Ouroboros.Crypto.Hashing.DirectoryHash.Sha3_512 });
        var ipcp = (await _irm.ListIpcpsAsync()).Single();
        Assert.That(ipcp.Layer, Is.EqualTo(new LayerInfo("layer", Ouroboros.Crypto.Hashing.DirectoryHash.Sha3_512)));
        Assert.That(ipcp.State, Is.EqualTo(IpcpState.Operational));

        await _irm.BindProcessAsync(id.Value, "lo");
        Assert.That((await _irm.ListProcessesAsync()).Single(p => p.Id == id).Names, Is.EqualTo(new[] { "lo" }));
        await _irm.UnbindProcessAsync(id.Value);
        await _irm.RegisterNameAsync("lo", id.Value);
        await _irm.UnregisterNameAsync("lo", id.Value);
        await _irm.DestroyIpcpAsync(id.Value);
        Assert.That(await _irm.ListIpcpsAsync(), Is.Empty);
    }

    [Test]
    public async Task Programs_are_bound_with_their_arguments_and_unbound()
    {
        await _irm.BindProgramAsync(new ProgramCommand("/usr/bin/true", ["-l", "", "x y"]), "svc", autoStart: true);
        Assert.That(ErrorOf(() => _irm.BindProgramAsync(new ProgramCommand("/usr/bin/true"), "svc")), Is.EqualTo(FlowError.AlreadyExists));
        var server = await Attach("true");
        Assert.That((await _irm.ListProcessesAsync()).Single(p => p.Id == server.Id).Names, Is.EqualTo(new[] { "svc" }));
        await _irm.UnbindProgramAsync("true");
        await _irm.BindProgramAsync(new ProgramCommand("/usr/bin/true"), "svc");
    }

    [Test]
    public async Task Flows_are_listed_with_both_ends()
    {
        var server = await Serve("svc");
        var (client, accepted) = await Connect(await Attach(), server, "svc");
        var flow = (await _irm.ListFlowsAsync()).Single();
        Assert.That(flow, Is.EqualTo((await Node.Irm.ListFlowsAsync()).Single()));
        Assert.That(flow.Direct);
        client.Dispose();
        accepted.Dispose();
    }

    [Test]
    public async Task The_tree_of_actors_comes_over_as_it_is()
    {
        await LocalLayer();
        var tree = await _irm.InspectAsync();
        var paths = tree.All.Select(a => a.Path).ToList();
        Assert.That(paths, Does.Contain("/user/irmd/ipcps/loc"));
        Assert.That(paths, Is.EqualTo(Node.Inspect().All.Select(a => a.Path)));
    }

    [Test]
    public void A_failure_carries_the_number_and_the_text_of_the_daemon()
    {
        var error = Assert.ThrowsAsync<FlowException>(() => _irm.DestroyNameAsync("nosuch"))!;
        Assert.That(error.Error, Is.EqualTo(FlowError.NameUnknown));
        Assert.That(error.Message, Does.Contain("nosuch"));
    }

    [TestCase(IpcpType.EthDix)]
    [TestCase((IpcpType)99)]
    public void A_kind_of_IPCP_that_the_build_does_not_have_is_EIPCPTYPE_with_a_text(IpcpType type)
    {
        Assume.That(IpcpKinds.All.Select(k => k.Type), Does.Not.Contain(type));
        var error = Assert.ThrowsAsync<FlowException>(() => _irm.CreateIpcpAsync("e", type))!;
        Assert.That(error.Error, Is.EqualTo(FlowError.UnknownIpcpType));
        Assert.That(error.Message, Does.Contain("local"));
    }

    [Test]
    public async Task Somebody_without_privileges_may_look_and_not_touch()
    {
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));
        var ipcp = await LocalLayer();
        _caller = new Credentials(65534, 65534, "nobody");

        Assert.That(await _irm.ListNamesAsync(), Has.Count.EqualTo(1));
        Assert.That(await _irm.ListIpcpsAsync(), Has.Count.EqualTo(1));
        Assert.That(await _irm.ListFlowsAsync(), Is.Empty);
        Func<Task>[] changes =
        [
            () => _irm.CreateIpcpAsync("x", IpcpType.Local),
            () => _irm.DestroyIpcpAsync(ipcp),
            () => _irm.BootstrapIpcpAsync(ipcp, new LocalOptions("x")),
            () => _irm.EnrollIpcpAsync(ipcp, "x"),
            () => _irm.ConnectIpcpAsync(ipcp, "x", ControlProtocol.Management, default),
            () => _irm.DisconnectIpcpAsync(ipcp, "x", ControlProtocol.Management),
            () => _irm.BindProgramAsync(new ProgramCommand("/usr/bin/true"), "svc", autoStart: true),
            () => _irm.UnbindProgramAsync("true"),
            () => _irm.BindProcessAsync(ipcp, "svc"),
            () => _irm.UnbindProcessAsync(ipcp),
            () => _irm.CreateNameAsync(new NameInfo("x")),
            () => _irm.DestroyNameAsync("svc"),
            () => _irm.RegisterNameAsync("svc", ipcp),
            () => _irm.UnregisterNameAsync("svc", ipcp),
        ];
        foreach (var change in changes)
        {
            var error = Assert.ThrowsAsync<FlowException>(() => change())!;
            Assert.That((error.Error, error.Message), Is.EqualTo((FlowError.NotPermitted, error.Message)));
            Assert.That(error.Message, Does.Contain("65534"));
        }
    }

    [Test]
    public async Task A_list_of_any_length_comes_over_whole_and_the_reference_gets_one_record_of_it()
    {
        var names = Enumerable.Range(0, 1000).Select(i => $"name-{i:D4}-{new string('x', 100)}").ToList();
        foreach (var name in names) await Node.Irm.CreateNameAsync(new NameInfo(name));

        Assert.That((await _irm.ListNamesAsync()).Select(n => n.Name), Is.EqualTo(names));

        var plain = await Execute(Requests.ListNames());
        Assert.That(plain, Has.Count.EqualTo(1));
        Assert.That(plain[0].CalculateSize(), Is.LessThanOrEqualTo(ControlProtocol.MaxRecord).And.GreaterThan(ControlProtocol.MaxRecord - 300));
        Assert.That(plain[0].HasMore, Is.False);
        foreach (var record in await Execute(Extended(Requests.ListNames())))
        {
            Assert.That(record.CalculateSize(), Is.LessThanOrEqualTo(ControlProtocol.MaxRecord));
        }
    }

    [Test]
    public async Task A_process_with_many_names_comes_over_whole()
    {
        var server = await Attach("busy");
        var names = Enumerable.Range(0, 100).Select(i => $"{i:D3}{new string('n', 250)}").ToList();
        foreach (var name in names) await Node.Irm.BindProcessAsync(server.Id, name);
        Assert.That((await _irm.ListProcessesAsync()).Single(p => p.Id == server.Id).Names, Is.EqualTo(names));
    }

    [Test]
    public async Task A_client_without_extensions_gets_no_field_that_the_reference_does_not_have()
    {
        await LocalLayer();
        foreach (var request in new[] { Requests.ListIpcps(), Requests.CreateIpcp("x", IpcpType.Local), Requests.DestroyName("nosuch"), Requests.ListProcesses() })
        {
            var reply = (await Execute(request)).Single();
            var known = IrmMsg.Parser.WithDiscardUnknownFields(true).ParseFrom(reply.ToByteArray());
            Assert.That(reply.HasExtensions || reply.HasErrorText || reply.HasMore, Is.False);
            Assert.That(known.Ipcps.Any(i => i.HasState || i.HasRestarts || i.HasLastFailure), Is.False);
        }
    }

    [TestCase((int)IrmCode.CreateIpcp)]
    [TestCase((int)IrmCode.DestroyIpcp)]
    [TestCase((int)IrmCode.BootstrapIpcp)]
    [TestCase((int)IrmCode.EnrollIpcp)]
    [TestCase((int)IrmCode.ConnectIpcp)]
    [TestCase((int)IrmCode.DisconnectIpcp)]
    [TestCase((int)IrmCode.BindProgram)]
    [TestCase((int)IrmCode.UnbindProgram)]
    [TestCase((int)IrmCode.BindProcess)]
    [TestCase((int)IrmCode.UnbindProcess)]
    [TestCase((int)IrmCode.CreateName)]
    [TestCase((int)IrmCode.DestroyName)]
    [TestCase((int)IrmCode.RegName)]
    [TestCase((int)IrmCode.UnregName)]
    public async Task A_request_without_what_it_needs_is_an_invalid_argument(int code)
    {
        var reply = (await Execute(Extended(new IrmMsg { Code = (IrmCode)code }))).Single();
        Assert.That((FlowError)(-reply.Result), Is.EqualTo(FlowError.InvalidArgument), reply.ErrorText);
    }

    [Test]
    public async Task An_unknown_command_is_answered_with_minus_one_as_by_the_reference()
    {
        var reply = (await Execute(new IrmMsg { Code = (IrmCode)99 })).Single();
        Assert.That(reply.Result, Is.EqualTo(-1));
    }

    [Test]
    public void A_daemon_that_is_not_there_is_named()
    {
        var error = Assert.ThrowsAsync<FlowException>(() => new ControlClient(Path.Combine(_folder, "nosuch")).ListNamesAsync())!;
        Assert.That(error.Error, Is.EqualTo(FlowError.IrmdUnreachable));
        Assert.That(error.Message, Does.Contain("nosuch").And.Contain("start irmd"));
    }

    [Test]
    public void A_request_longer_than_a_record_is_refused_before_it_is_sent() =>
        Assert.That(ErrorOf(() => _irm.BindProgramAsync(new ProgramCommand("/bin/x", [new string('x', 11_000)]), "svc")), Is.EqualTo(FlowError.MessageTooLong));

    private static IrmMsg Extended(IrmMsg request)
    {
        request.Extensions = ControlProtocol.Extensions;
        return request;
    }

    private async Task<IReadOnlyList<IrmMsg>> Execute(IrmMsg request) =>
        (await new ControlCommands(Node, Time, Logger.None).ExecuteAsync(request, _caller, CancellationToken.None)).Replies;
}

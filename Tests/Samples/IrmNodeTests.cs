using System.Text.Json;
using Ouroboros.Runtime.Control;
using Ouroboros.Samples.Irm;
using Serilog.Core;

namespace Ouroboros.Tests.Samples;

/// <summary><c>irm</c> on a live node: what it does shows in the node, and what the node has shows in it.</summary>
public sealed class IrmNodeTests : ToolTest
{
    private string _folder = null!;
    private ControlServer _server = null!;
    private Credentials _caller = new(0, 0, "irm");

    [SetUp]
    public void StartServer()
    {
        _folder = Directory.CreateTempSubdirectory("o7s-irm").FullName;
        _caller = new Credentials(0, 0, "irm");
        var settings = new ControlSettings { Socket = Path.Combine(_folder, "irm.sock") };
        _server = ControlServer.Start(new ControlCommands(Node, Time, Logger.None), settings, Time, Logger.None, _ => _caller);
    }

    [TearDown]
    public async Task StopServer()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder);
    }

    [Test]
    public async Task A_layer_is_made_and_a_name_registered_in_it_and_all_taken_down_again()
    {
        await Run(0, "i b t local n extra l more");
        await Run(0, "name create svc");
        await Run(0, "name register svc layer mo*");
        await Run(0, "bind ipcp extra name boo");
        Assert.That((await Run(0, "ipcp list name extra")).Output, Does.Contain("|                extra |      local |                 more |"));
        Assert.That((await Run(0, "process list")).Output, Does.Contain(" boo |"));
        await Run(0, "name unregister svc ipcp extra");
        await Run(0, "unbind ipcp extra name boo");
        await Run(0, "name destroy svc");
        await Run(0, "ipcp destroy name extra");
        Assert.That((await Run(0, "ipcp list name extra")).Output, Is.EqualTo("No such IPCPs in system.\n\n"));
    }

    [Test]
    public async Task A_name_is_made_secure_at_run_time()
    {
        await Run(0, "name create svc");
        await Run(0, "name secure svc srequire enc crequire both");
        var name = (await Node.Irm.ListNamesAsync()).Single(n => n.Name == "svc");
        Assert.That((name.Server!.RequireEncryption, name.Server.RequireAuthentication, name.Client!.RequireEncryption, name.Client.RequireAuthentication), Is.EqualTo((true, false, true, true)));
        Assert.That((await Run(1, "name secure svc sencpath /nowhere")).Error, Does.Contain("/nowhere (sencpath) does not exist"));
        Assert.That((await Run(1, "name secure svc srequire everything")).Error, Does.Contain("\"everything\" cannot be required"));
        await Run(0, "name secure svc");
        Assert.That((await Node.Irm.ListNamesAsync()).Single(n => n.Name == "svc").Server, Is.Null);
    }

    [Test]
    public async Task What_the_daemon_refuses_is_shown_with_its_reason()
    {
        Assert.That((await Run(1, "ipcp create name lo type local")).Error, Does.Contain("'lo'"));
        Assert.That((await Run(1, "name destroy nosuch")).Error, Does.Contain("nosuch"));
    }

    [Test]
    public async Task Flows_are_shown_with_their_owners()
    {
        var server = await Serve("svc");
        var (client, accepted) = await Connect(await Attach("client"), server, "svc");
        var output = (await Run(0, "flow list")).Output;
        Assert.That(output, Does.Contain("|    id |           state |     pid |          below |   mpl |                 name |"));
        Assert.That(output, Does.Contain("allocated").And.Contain("direct").And.Contain(" svc |"));
        client.Dispose();
        accepted.Dispose();
    }

    [Test]
    public async Task The_live_actors_are_shown_as_text_and_as_JSON()
    {
        var text = (await Run(0, "inspect")).Output;
        Assert.That(text, Does.StartWith("/user ").And.Contain("\n  irmd  IrmdActor  running  mailbox "));

        using var json = JsonDocument.Parse((await Run(0, "inspect json")).Output);
        var irmd = json.RootElement.GetProperty("children").EnumerateArray().Single(c => c.GetProperty("path").GetString() == "/user/irmd");
        Assert.That(irmd.GetProperty("type").GetString(), Is.EqualTo("IrmdActor"));
        Assert.That(irmd.GetProperty("children").EnumerateArray().Select(c => c.GetProperty("path").GetString()), Does.Contain("/user/irmd/ipcps"));
    }

    [Test]
    public async Task The_RIB_is_listed_and_shown_a_file_or_a_directory_at_a_time()
    {
        Assert.That((await Run(0, "rib list lo")).Output, Is.EqualTo("lo/info/\nlo/info/_state\nlo/info/_type\nlo/info/_layer\n"));
        Assert.That((await Run(0, "rib list")).Output, Does.Contain("lo/\nlo/info/\n"));
        Assert.That((await Run(0, "rib show lo/info/_type")).Output, Is.EqualTo("local\n"));
        Assert.That((await Run(0, "rib show lo")).Output, Does.Contain("==> lo/info/_state <==\noperational\n\n==> lo/info/_type <==\nlocal\n"));
        Assert.That((await Run(1, "rib show lo/info/_x")).Error, Does.Contain("there is no lo/info/_x in the RIB"));
        Assert.That((await Run(1, "rib list a b")).Error, Does.Contain("\"b\""));
    }

    [Test]
    public async Task Somebody_without_privileges_may_list_and_change_nothing()
    {
        _caller = new Credentials(65534, 65534, "irm");
        await Run(0, "ipcp list");
        Assert.That((await Run(1, "name create x")).Error, Does.Contain("65534"));
        Assert.That((await Run(1, "ipcp destroy name lo")).Error, Does.Contain("65534"));
        Assert.That((await Node.Irm.ListIpcpsAsync()).Select(i => i.Name), Does.Contain("lo"));
    }

    private async Task<(string Output, string Error)> Run(int exitCode, string command)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        Assert.That(await IrmTool.MainAsync(["--socket", _server.Path, .. command.Split(' ')], output, error), Is.EqualTo(exitCode), error.ToString());
        return (output.ToString(), error.ToString());
    }
}

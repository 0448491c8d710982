using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Rib;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Control;
using Serilog.Core;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>The RIB of a runtime, in the process and over the daemon's socket: paths and texts of tools-and-rib.md 9.</summary>
public sealed class RibTests : RuntimeTest
{
    private string _folder = null!;
    private ControlServer _server = null!;
    private ControlClient _irm = null!;

    [SetUp]
    public void StartServer()
    {
        _folder = Directory.CreateTempSubdirectory("o7s-rib").FullName;
        var settings = new ControlSettings { Socket = Path.Combine(_folder, "irm.sock") };
        _server = ControlServer.Start(new ControlCommands(Node, Time, Logger.None), settings, Time, Logger.None, _ => new Credentials(65534, 65534, "reader"));
        _irm = new ControlClient(settings.Socket);
    }

    [TearDown]
    public async Task StopServer()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder);
    }

    [Test]
    public async Task Every_IPCP_shows_its_state_type_and_layer()
    {
        await Node.Irm.CreateIpcpAsync("idle", Ouroboros.Layers.Ipcp.IpcpType.Local);
        await LocalLayer("loc", "somewhere");
        Assert.That(
            (await _irm.ListRibAsync("loc")).Select(e => e.Path), Is.EqualTo(new[] { "loc/info", "loc/info/_state", "loc/info/_type", "loc/info/_layer" }));
        Assert.That((await _irm.ReadRibAsync("loc/info/_state")).Text, Is.EqualTo("operational\n"));
        Assert.That((await _irm.ReadRibAsync("/loc/info/_type")).Text, Is.EqualTo("local\n"));
        Assert.That((await _irm.ReadRibAsync("loc/info/_layer")).Text, Is.EqualTo("somewhere\n"));
        await Until(async () => (await _irm.ReadRibAsync("idle/info/_state")).Text == "boot\n", "it has started");
        Assert.That((await _irm.ReadRibAsync("idle/info/_layer")).Text, Is.EqualTo("(null)\n"));
    }

    [Test]
    public async Task An_IPCP_that_is_destroyed_is_gone_from_the_RIB()
    {
        var id = await LocalLayer();
        await Node.Irm.DestroyIpcpAsync(id);
        await Until(async () => (await Node.Rib.ListAsync())!.All(e => !e.Path.StartsWith("loc", StringComparison.Ordinal)), "it is gone");
        Assert.That(ErrorOf(() => _irm.ReadRibAsync("loc/info/_state")), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task Ordered_flows_show_their_statistics_as_long_as_they_are_allocated_and_raw_ones_nothing()
    {
        var server = await Serve("svc");
        var client = await Attach("client");
        var (raw, rawEnd) = await Connect(client, server, "svc");
        var accept = server.AcceptAsync().AsTask();
        var data = await client.AllocateAsync("svc", QosSpec.Data).AsTask().WaitAsync(Soon);
        var dataEnd = await accept.WaitAsync(Soon);
        await data.WriteAsync(Bytes(10));
        await Read(dataEnd);

        var folder = $"proc.{client.Id}/{data.Descriptor}";
        Assert.That((await _irm.ListRibAsync($"proc.{client.Id}")).Select(e => (e.Path, e.IsDirectory)), Is.EqualTo(new[]
        {
            (folder, true), ($"{folder}/frct", false), ($"{folder}/frcp", false),
        }));
        var text = (await _irm.ReadRibAsync($"{folder}/frct")).Text;
        Assert.That(text, Has.Length.EqualTo(1188));
        Assert.That(text, Does.Contain($"Sender current sequence number:  {data.Statistics!.SendNext,20}\n"));
        Assert.That((await _irm.ReadRibAsync($"{folder}/frcp")).Text, Does.StartWith("Data packets sent:                                  1\n"));

        foreach (var flow in new[] { data, dataEnd, raw, rawEnd }) flow.Dispose();
        Assert.That(await _irm.ListRibAsync($"proc.{client.Id}"), Is.Empty);
        Assert.That(ErrorOf(() => _irm.ReadRibAsync($"{folder}/frct")), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task An_application_that_leaves_is_gone_from_the_RIB()
    {
        var application = await Attach();
        Assert.That(await Node.Rib.ListAsync($"proc.{application.Id}"), Is.Empty);
        await application.DisposeAsync();
        Assert.That(await Node.Rib.ListAsync($"proc.{application.Id}"), Is.Null);
    }

    [Test]
    public async Task A_text_that_is_longer_than_a_record_comes_whole_and_an_empty_one_empty()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => i % 50 == 0 ? "\n" : i % 7 == 0 ? "\U0001F30D" : "ä"));
        var changed = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000);
        var mount = new RibMount();
        mount.Set("x", new RibFiles().Add("long", () => new RibFile(text, changed)).Add("empty", () => ""));
        Node.Rib.Add("a/b", mount);
        var read = await _irm.ReadRibAsync("a%2Fb/x/long");
        Assert.That((read.Text, read.Modified), Is.EqualTo((text, changed)));
        Assert.That((await _irm.ReadRibAsync("a%2Fb/x/empty")).Text, Is.Empty);
    }

    [TestCase("nothing")]
    [TestCase("loc/nothing")]
    [TestCase("loc/info/nothing")]
    [TestCase("loc/info/_state/more")]
    [TestCase("proc.99999/64/frct")]
    public async Task What_is_not_there_is_an_error_that_says_so(string path)
    {
        await LocalLayer();
        Assert.That(ErrorOf(() => _irm.ListRibAsync(path)), Is.EqualTo(FlowError.NameUnknown));
        var error = Assert.ThrowsAsync<FlowException>(() => _irm.ReadRibAsync(path))!;
        Assert.That(error.Message, Does.Contain(path).And.Contain("irm rib list"));
    }
}

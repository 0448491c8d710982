using System.Text.Json;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Samples.Irm;

namespace Ouroboros.Tests.Samples;

/// <summary>The tables of <c>irm</c>, byte for byte as the reference prints them.</summary>
public sealed class IrmOutputTests
{
    private IrmCannedDaemon _daemon = null!;

    [SetUp]
    public void StartDaemon()
    {
        _daemon = new IrmCannedDaemon();
        _daemon.Ipcps.Clear();
        _daemon.Names.Clear();
    }

    [TearDown]
    public async Task StopDaemon() => await _daemon.DisposeAsync();

    [Test]
    public async Task Ipcp_list_is_a_table_and_an_empty_line()
    {
        _daemon.Ipcps.Add(new IpcpInfo(7923, "loc1", IpcpType.Local, IpcpState.Operational, new LayerInfo("L1", DirectoryHash.Sha3_256), 0, null));
        _daemon.Ipcps.Add(new IpcpInfo(992, "u1", IpcpType.Unicast, IpcpState.Boot, null, 0, null));
        _daemon.Ipcps.Add(new IpcpInfo(
            12345678, "an-ipcp-with-a-very-long-name", IpcpType.EthDix, IpcpState.Operational, new LayerInfo("a-layer-with-a-very-long-name", DirectoryHash.Sha3_256), 0, null));

        Assert.That(await Show("ipcp", "list"), Is.EqualTo("""
            +---------+----------------------+------------+----------------------+
            |     pid |                 name |       type |                layer |
            +---------+----------------------+------------+----------------------+
            |    7923 |                 loc1 |      local |                   L1 |
            |     992 |                   u1 |    unicast |        Not enrolled. |
            | 12345678 | an-ipcp-with-a-very-long-name |    eth-dix | a-layer-with-a-very-long-name |
            +---------+----------------------+------------+----------------------+


            """.ReplaceLineEndings("\n")));
    }

    [TestCase("ipcp list name u1", "u1")]
    [TestCase("ipcp list type local", "loc1")]
    [TestCase("ipcp list layer L1", "loc1")]
    [TestCase("ipcp list n u1 t unicast", "u1")]
    [TestCase("ipcp list name loc1 type unicast", "")]
    public async Task Ipcp_list_shows_what_it_is_asked_for(string command, string shown)
    {
        _daemon.Ipcps.Add(new IpcpInfo(1, "loc1", IpcpType.Local, IpcpState.Operational, new LayerInfo("L1", DirectoryHash.Sha3_256), 0, null));
        _daemon.Ipcps.Add(new IpcpInfo(2, "u1", IpcpType.Unicast, IpcpState.Boot, null, 0, null));
        var output = await Show(command.Split(' '));
        if (shown.Length == 0) Assert.That(output, Is.EqualTo("No such IPCPs in system.\n\n"));
        foreach (var name in new[] { "loc1", "u1" }) Assert.That(output.Contains($" {name} |", StringComparison.Ordinal), Is.EqualTo(name == shown));
    }

    [Test]
    public async Task Name_list_is_a_table()
    {
        _daemon.Names.Add(new NameInfo("oping", LoadBalancing.RoundRobin));
        _daemon.Names.Add(new NameInfo("u1"));
        Assert.That(await Show("name", "list"), Is.EqualTo("""
            +----------------------------------------------------+----------------------+
            |                                               name |  load-balance policy |
            +----------------------------------------------------+----------------------+
            |                                              oping |          round-robin |
            |                                                 u1 |            spillover |
            +----------------------------------------------------+----------------------+

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public async Task Name_list_shows_names_that_begin_as_asked()
    {
        foreach (var name in new[] { "oping", "oping.secure", "oecho" }) _daemon.Names.Add(new NameInfo(name));
        var output = await Show("name", "list", "list", "oping");
        Assert.That(output.Split('\n').Count(l => l.Contains(" oping", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(output, Does.Not.Contain("oecho"));
        Assert.That(await Show("name", "list", "list", "x"), Is.EqualTo("No such names in system.\n\n"));
    }

    [Test]
    public async Task Empty_lists_say_so()
    {
        Assert.That(await Show("ipcp", "list"), Is.EqualTo("No IPCPs in system.\n\n"));
        Assert.That(await Show("name", "list"), Is.EqualTo("No names in system.\n\n"));
        Assert.That(await Show("flow", "list"), Is.EqualTo("No flows in system.\n\n"));
        Assert.That(await Show("process", "list"), Is.EqualTo("No processes in system.\n\n"));
    }

    [TestCase("ipcp list --json")]
    [TestCase("--json ipcp list")]
    public async Task Lists_can_be_JSON(string command)
    {
        _daemon.Ipcps.Add(new IpcpInfo(7, "e \"1\"", IpcpType.EthDix, IpcpState.Operational, new LayerInfo("L1", DirectoryHash.Sha3_256), 0, null));
        _daemon.Ipcps.Add(new IpcpInfo(8, "u1", IpcpType.Unicast, IpcpState.Boot, null, 0, null));
        using var ipcps = JsonDocument.Parse(await Show(command.Split(' ')));
        Assert.That(ipcps.RootElement.EnumerateArray().Select(i => i.GetProperty("name").GetString()), Is.EqualTo(new[] { "e \"1\"", "u1" }));
        var first = ipcps.RootElement[0];
        Assert.That((first.GetProperty("pid").GetInt32(), first.GetProperty("type").GetString(), first.GetProperty("layer").GetString()), Is.EqualTo((7, "eth-dix", "L1")));
        Assert.That(ipcps.RootElement[1].TryGetProperty("layer", out _), Is.False);
    }

    [TestCase("ipcp list")]
    [TestCase("name list")]
    [TestCase("flow list")]
    [TestCase("process list")]
    public async Task Empty_lists_are_empty_arrays(string command) =>
        Assert.That((await Show([.. command.Split(' '), "--json"])).Trim(), Is.EqualTo("[]"));

    private async Task<string> Show(params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter();
        Assert.That(await IrmTool.MainAsync(["--socket", _daemon.SocketPath, .. args], output, error), Is.Zero, error.ToString());
        return output.ToString();
    }
}

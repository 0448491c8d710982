using System.Runtime.Versioning;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Samples.Irm;

namespace Ouroboros.Tests.Samples;

/// <summary>What a command line of <c>irm</c> makes the tool ask of the daemon, and its exit code.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class IrmCommandLineTests
{
    private IrmCannedDaemon _daemon = null!;
    private StringWriter _output = null!;
    private StringWriter _error = null!;

    [SetUp]
    public void StartDaemon()
    {
        _daemon = new IrmCannedDaemon();
        _output = new StringWriter { NewLine = "\n" };
        _error = new StringWriter { NewLine = "\n" };
    }

    [TearDown]
    public async Task StopDaemon() => await _daemon.DisposeAsync();

    /// <summary>Where the reference's tool ignores what it does not understand or find and ends with 0; ours does nothing, says so and ends with 1.</summary>
    private static readonly string[] Stricter =
    [
        "ipcp connect name u1 dst u9 qos nonsense", "ipcp connect name u1 dst u9 component nonsense", "name register other layer nolayer",
        "name unregister svc ipcp nosuch", "bind ipcp nosuch name svc",
    ];

    private static IEnumerable<TestCaseData> Captured()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "irmd", "irm-requests.txt"));
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("irm ", StringComparison.Ordinal) || Stricter.Contains(lines[i][4..])) continue;
            var records = lines.Skip(i + 2).TakeWhile(l => l.Length > 0).ToArray();
            yield return new TestCaseData(lines[i][4..], int.Parse(lines[i + 1]["exit code ".Length..]), records).SetArgDisplayNames(lines[i]);
        }
    }

    [TestCaseSource(nameof(Captured))]
    public async Task A_command_sends_what_the_reference_sends_and_exits_as_it_does(string command, int exitCode, string[] records)
    {
        Assert.That(await Run(command.Split(' ')), Is.EqualTo(exitCode), _error.ToString());
        Assert.That(_daemon.Records, Is.EqualTo(records));
    }

    [TestCaseSource(nameof(Stricter))]
    public async Task What_the_reference_passes_over_is_a_failure_that_changes_nothing(string command)
    {
        Assert.That(await Run(command.Split(' ')), Is.EqualTo(1));
        Assert.That(_error.ToString(), Is.Not.Empty);
        Assert.That(_daemon.Requests.Select(r => r.Code), Is.All.EqualTo(IrmCode.ListIpcps));
    }

    [TestCase("bind program PROGRAM name svc auto -- -a auto -- name", "PROGRAM,-a,auto,--,name,", 1u)]
    [TestCase("b prog PROGRAM n svc", "PROGRAM,", 0u)]
    [TestCase("bind program nonsense program PROGRAM name other name svc", "PROGRAM,", 0u)]
    public async Task A_program_is_bound_by_its_path_with_its_arguments(string command, string exec, uint options)
    {
        var program = Path.Combine(Path.GetDirectoryName(_daemon.SocketPath)!, "server");
        File.WriteAllText(program, "");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.That(await Run(command.Replace("PROGRAM", program, StringComparison.Ordinal).Split(' ')), Is.Zero, _error.ToString());
            var request = _daemon.Requests.Single();
            Assert.That(string.Join(',', request.Exec), Is.EqualTo(exec.Replace("PROGRAM", program, StringComparison.Ordinal)));
            Assert.That((request.Name, request.Opts), Is.EqualTo(("svc", options)));
        }
        finally
        {
            File.Delete(program);
        }
    }

    [Test]
    public async Task A_program_is_looked_for_on_the_search_path_and_has_to_be_executable()
    {
        var folder = Path.GetDirectoryName(_daemon.SocketPath)!;
        var plain = Path.Combine(folder, "plain");
        File.WriteAllText(plain, "");
        File.SetUnixFileMode(plain, UnixFileMode.UserRead);
        try
        {
            Assert.That(ProgramPath.Find("sh", "/nosuch:/bin"), Does.EndWith("sh").And.StartsWith("/"));
            Assert.That(Assert.Throws<FlowException>(() => ProgramPath.Find("plain", folder))!.Error, Is.EqualTo(FlowError.NotPermitted));
            Assert.That(Assert.Throws<FlowException>(() => ProgramPath.Find("sh", "bin:/bin"))!.Error, Is.EqualTo(FlowError.InvalidArgument));
            Assert.That(Assert.Throws<FlowException>(() => ProgramPath.Find("./nosuch", "/bin"))!.Message, Is.EqualTo("./nosuch does not exist."));
            Assert.That(await Run("bind", "program", "no-such-program", "name", "svc"), Is.EqualTo(1));
            Assert.That(_daemon.Requests, Is.Empty);
        }
        finally
        {
            File.Delete(plain);
        }
    }

    [Test]
    public async Task Security_files_have_to_exist_and_are_sent_by_their_absolute_paths_all_six()
    {
        var file = Path.Combine(Path.GetDirectoryName(_daemon.SocketPath)!, "file");
        File.WriteAllText(file, "");
        try
        {
            Assert.That(await Run(["name", "create", "n", "sen", file, "scr", file, "s", file, "sk", file, "c", file, "cc", file, "ck", file]), Is.Zero, _error.ToString());
            var info = _daemon.Requests.Single().NameInfo;
            var full = RealPath.Of(file);
            Assert.That(new[] { info.Senc, info.Scrt, info.Skey, info.Cenc, info.Ccrt, info.Ckey }, Is.All.EqualTo(full));
        }
        finally
        {
            File.Delete(file);
        }
        Assert.That(await Run("name", "create", "n", "scrtpath", file), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain(file).And.Contain("does not exist"));
    }

    [TestCase("unbind program /usr/bin/true name svc", "true", "svc")]
    [TestCase("unbind program true", "true", "")]
    public async Task A_program_is_unbound_by_its_last_component_from_one_name_or_all(string command, string program, string name)
    {
        Assert.That(await Run(command.Split(' ')), Is.Zero);
        Assert.That((_daemon.Requests.Single().Prog, _daemon.Requests.Single().Name), Is.EqualTo((program, name)));
    }

    [TestCase("unbind process 7", 7)]
    [TestCase("unbind ipcp u1", 11)]
    public async Task A_process_is_unbound_from_all_names_when_none_is_given(string command, int pid)
    {
        Assert.That(await Run(command.Split(' ')), Is.Zero);
        var request = _daemon.Requests.Last();
        Assert.That((request.Code, request.Pid, request.HasName), Is.EqualTo((IrmCode.UnbindProcess, pid, false)));
    }

    [Test]
    public async Task Eth_llc_takes_an_interface()
    {
        Assert.That(await Run("ipcp bootstrap type eth-llc name e layer L dev lo hash SHA3_224".Split(' ')), Is.Zero);
        var config = _daemon.Requests.Last().Conf;
        Assert.That((config.IpcpType, config.Eth.Dev, config.LayerInfo.DirHashAlgo), Is.EqualTo((3u, "lo", 0u)));
    }

    [Test]
    public async Task When_a_bootstrap_fails_the_names_bound_before_are_unbound_again()
    {
        _daemon.Failing[IrmCode.BootstrapIpcp] = FlowError.NotPermitted;
        Assert.That(await Run("ipcp bootstrap name u1 layer L autobind".Split(' ')), Is.EqualTo(1));
        Assert.That(_daemon.Requests.Select(r => (r.Code, r.Name)).Skip(1), Is.EqualTo(new[]
        {
            (IrmCode.BindProcess, "u1"), (IrmCode.BindProcess, "L"), (IrmCode.BootstrapIpcp, ""), (IrmCode.UnbindProcess, "u1"), (IrmCode.UnbindProcess, "L"),
        }));
    }

    [TestCase("ipcp bootstrap name l layer L", "\"type\" is needed")]
    [TestCase("ipcp bootstrap name l layer L type", "\"type\" needs a value")]
    [TestCase("ipcp bootstrap name l", "\"layer\" is missing")]
    [TestCase("ipcp bootstrap type udp4 name l layer L", "\"ip\" is missing")]
    [TestCase("ipcp bootstrap type udp4 name l layer L ip 0.0.0.0", "address of this host")]
    [TestCase("ipcp bootstrap type udp4 name l layer L ip ::1", "not an IPv4 address")]
    [TestCase("ipcp bootstrap type udp4 name l layer L ip 127.1", "not an IPv4 address")]
    [TestCase("ipcp bootstrap type udp6 name l layer L ip 127.0.0.1", "not an IPv6 address")]
    [TestCase("ipcp bootstrap type udp4 name l layer L ip 127.0.0.1 port 0", "1 to 65535")]
    [TestCase("ipcp bootstrap type udp4 name l layer L ip 127.0.0.1 port 3435x", "1 to 65535")]
    [TestCase("ipcp bootstrap type eth-dix name l layer L", "\"device\" is missing")]
    [TestCase("ipcp bootstrap type eth-dix name l layer L dev lo ethertype 05FF", "0600 to FFFE")]
    [TestCase("ipcp bootstrap type eth-dix name l layer L dev lo ethertype FFFF", "0600 to FFFE")]
    [TestCase("ipcp bootstrap type local name l layer L ethertype 4", "0600 to FFFE")]
    [TestCase("ipcp bootstrap type unicast name l layer L dht_k 21", "1 to 20")]
    [TestCase("ipcp bootstrap type unicast name l layer L dht_k -1", "1 to 20")]
    [TestCase("ipcp bootstrap type unicast name l layer L addr 256", "1 to 255")]
    [TestCase("ipcp bootstrap type unicast name l layer L ls_t_recalc 0", "not \"0\"")]
    [TestCase("ipcp bootstrap type unicast name l layer L routing rip", "link_state")]
    [TestCase("ipcp bootstrap type unicast name l layer L congestion lfa", "mb-ecn")]
    [TestCase("ipcp bootstrap type unicast name l layer L directory X", "DHT")]
    [TestCase("ipcp bootstrap type local name l layer L hash MD5", "SHA3_224")]
    [TestCase("ipcp bootstrap name loc1 layer L type unicast", "Types do not match")]
    [TestCase("ipcp create name n type loc", "not a type")]
    [TestCase("ipcp enroll name n", "\"dst\" or \"layer\" is missing")]
    [TestCase("ipcp enroll name n layer L type local", "do not enroll")]
    [TestCase("ipcp connect name nosuch dst x", "no IPCP \"nosuch\"")]
    [TestCase("name create n lb nonsense", "not a load-balance policy")]
    [TestCase("name register svc", "\"layer\" or \"ipcp\" is missing")]
    [TestCase("bind process x name svc", "\"x\" is not a valid process id.")]
    [TestCase("bind process 0 name svc", "\"0\" is not a valid process id.")]
    [TestCase("bind process 1", "\"name\" is missing")]
    [TestCase("bind ipcp loc1 name", "\"name\" needs a value")]
    [TestCase("bind ipcp nosuch name svc", "no IPCP \"nosuch\"")]
    [TestCase("name register svc layer nosuch", "No IPCP fits layer \"nosuch\"")]
    [TestCase("ipcp connect name loc1 dst x qos gold", "\"gold\" is not a QoS")]
    [TestCase("ipcp connect name loc1 dst x component fa", "\"fa\" is not a component")]
    [TestCase("ipcp disconnect name loc1 dst x component fa", "\"fa\" is not a component")]
    public async Task What_is_wrong_is_said_and_nothing_is_changed(string command, string problem)
    {
        Assert.That(await Run(command.Split(' ')), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain(problem));
        Assert.That(_daemon.Requests.Select(r => r.Code), Is.All.EqualTo(IrmCode.ListIpcps));
    }

    [TestCase("nosuch", "irm help")]
    [TestCase("ipcp nosuch", "irm ipcp help")]
    [TestCase("name nosuch", "irm name help")]
    [TestCase("bind nosuch", "irm bind help")]
    [TestCase("unbind nosuch", "irm unbind help")]
    [TestCase("flow nosuch", "irm flow help")]
    [TestCase("ipcp create nosuch", "irm ipcp create")]
    [TestCase("ipcp list nosuch", "irm ipcp list")]
    [TestCase("name list nosuch", "irm name list")]
    public async Task An_unknown_word_is_named_with_where_to_look(string command, string where)
    {
        Assert.That(await Run(command.Split(' ')), Is.EqualTo(1));
        Assert.That(_error.ToString(), Is.EqualTo($"\"nosuch\" is unknown, try \"{where}\".\n"));
        Assert.That(_output.ToString(), Is.Empty);
    }

    [TestCase("", 255)]
    [TestCase("help", 0)]
    [TestCase("h", 0)]
    [TestCase("ipcp help", 0)]
    [TestCase("bind help", 0)]
    [TestCase("unbind help", 0)]
    [TestCase("name help", 0)]
    [TestCase("flow help", 0)]
    [TestCase("process help", 0)]
    [TestCase("inspect help", 0)]
    [TestCase("ipcp", 1)]
    [TestCase("ipcp create", 1)]
    [TestCase("ipcp destroy", 1)]
    [TestCase("ipcp bootstrap", 1)]
    [TestCase("ipcp enroll", 1)]
    [TestCase("ipcp connect", 1)]
    [TestCase("ipcp disconnect", 1)]
    [TestCase("name", 1)]
    [TestCase("name create", 1)]
    [TestCase("name destroy", 1)]
    [TestCase("name register", 1)]
    [TestCase("name unregister", 1)]
    [TestCase("bind program", 1)]
    [TestCase("bind process", 1)]
    [TestCase("bind ipcp", 1)]
    [TestCase("unbind program", 1)]
    [TestCase("unbind process", 1)]
    [TestCase("unbind ipcp", 1)]
    [TestCase("flow", 1)]
    public async Task Usage_goes_to_the_output(string command, int exitCode)
    {
        Assert.That(await Run(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Is.EqualTo(exitCode));
        Assert.That(_output.ToString(), Does.StartWith("Usage: irm").And.EndsWith("\n"));
        Assert.That(_error.ToString(), Is.Empty);
    }

    [TestCase("--help", "Usage: irm [")]
    [TestCase("-h", "Usage: irm [")]
    [TestCase("nosuch --help", "Usage: irm [")]
    [TestCase("ipcp --help", "Usage: irm ipcp {")]
    [TestCase("ipcp bootstrap --help", "Usage: irm ipcp bootstrap ")]
    [TestCase("ipcp list --help", "Usage: irm ipcp list ")]
    [TestCase("i b name x -h", "Usage: irm ipcp bootstrap ")]
    [TestCase("name secure svc --help", "Usage: irm name secure ")]
    [TestCase("bind program --help", "Usage: irm bind program ")]
    [TestCase("unbind ipcp --help", "Usage: irm unbind ipcp ")]
    [TestCase("flow list --help", "Usage: irm flow {")]
    [TestCase("process --help", "Usage: irm process {")]
    [TestCase("inspect --help", "Usage: irm inspect ")]
    [TestCase("rib show --help", "Usage: irm rib {")]
    public async Task Help_can_be_asked_for_after_any_command_and_changes_nothing(string command, string usage)
    {
        Assert.That(await Run(command.Split(' ')), Is.Zero);
        Assert.That(_output.ToString(), Does.StartWith(usage).And.EndsWith("\n"));
        Assert.That(_daemon.Requests, Is.Empty);
    }

    [Test]
    public async Task Help_after_two_dashes_is_the_program_s() =>
        Assert.That(await Run("bind", "program", "/bin/sh", "name", "svc", "auto", "--", "--help", "--json"), Is.Zero.And.Matches<int>(_ => _daemon.Requests.Count > 0));

    [Test]
    public async Task Without_IPCPs_there_is_nothing_to_register_with_or_to_destroy()
    {
        _daemon.Ipcps.Clear();
        Assert.That(await Run("name", "register", "svc", "layer", "L"), Is.EqualTo(1));
        Assert.That(_error.ToString(), Is.EqualTo("Failed to list IPCPs.\n"));
        Assert.That(await Run("ipcp", "destroy", "name", "x"), Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_daemon_the_tool_says_so()
    {
        Assert.That(await IrmTool.MainAsync(["--socket", _daemon.SocketPath + ".nosuch", "ipcp", "list"], _output, _error), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.StartWith("Failed to communicate with the Ouroboros IPC Resource Manager daemon.\n").And.Contain("nosuch"));
    }

    [Test]
    public async Task The_socket_needs_a_path()
    {
        Assert.That(await IrmTool.MainAsync(["--socket"], _output, _error), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain("needs a path"));
    }

    [Test]
    public async Task A_command_that_the_reference_does_not_have_is_not_taken_for_a_refusal()
    {
        _daemon.Failing[IrmCode.ListFlows] = FlowError.NotPermitted;
        Assert.That(await Run("flow", "list"), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.Contain("does not have this command"));
    }

    private Task<int> Run(params string[] args) => IrmTool.MainAsync(["--socket", _daemon.SocketPath, .. args], _output, _error);
}

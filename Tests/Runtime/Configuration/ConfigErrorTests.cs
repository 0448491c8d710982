using Ouroboros.Hocon;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Configuration;

/// <summary>Each mistake is reported with file, line, column, path and what to do.</summary>
public sealed class ConfigErrorTests
{
    private static TestCaseData[] Mistakes { get; } =
    [
        // Unknown keys.
        Case("ourobros {}", "ourobros", 1, 1, "did you mean 'ouroboros'?"),
        Case("ouroboros {\n  irmdd {}\n}", "ouroboros.irmdd", 2, 3, "did you mean 'irmd'?"),
        Case("ouroboros.irmd {\n  query-timeut = 1s\n}", "ouroboros.irmd.query-timeut", 2, 3, "did you mean 'query-timeout'?"),
        Case("ouroboros.irmd.sanitize-interval = 1s", "ouroboros.irmd.sanitize-interval", 1, 1, "not a known key"),
        Case("ouroboros.pool.blocks = 1", "ouroboros.pool.blocks", 1, 1, "not a known key"),
        Case("ouroboros.pool.user.blocks-2M = 1", "ouroboros.pool.user.blocks-2M", 1, 1, "not a known key"),
        Case("ouroboros.control.sockett = a", "ouroboros.control.sockett", 1, 1, "did you mean 'socket'?"),
        Case("ouroboros.log.levle = info", "ouroboros.log.levle", 1, 1, "did you mean 'level'?"),
        Case("ouroboros.name.n {\n  lbs = spill }", "ouroboros.name.n.lbs", 2, 3, "did you mean 'lb'?"),
        Case("ouroboros.name.n.server.enc-fil = x", "ouroboros.name.n.server.enc-fil", 1, 1, "did you mean 'enc-file'?"),
        Case("ouroboros.name.n.prog = [{ path = a,\n aut = true }]", "ouroboros.name.n.prog[0].aut", 2, 2, "did you mean 'auto'?"),
        Case("ouroboros.local.lo {\n bootstrap = L\n hahs = SHA3_256 }", "ouroboros.local.lo.hahs", 3, 2, "did you mean 'hash'?"),
        Case("ouroboros.local.lo { boostrap = L }", "ouroboros.local.lo.boostrap", 1, 22, "did you mean 'bootstrap'?"),
        Case("ouroboros.defaults.nam {}", "ouroboros.defaults.nam", 1, 1, "did you mean 'name'?"),
        Case("ouroboros.defaults.ipcp.autobindd = true", "ouroboros.defaults.ipcp.autobindd", 1, 1, "did you mean 'autobind'?"),
        Case("ouroboros.defaults.local.hasch = SHA3_256", "ouroboros.defaults.local.hasch", 1, 1, "did you mean 'hash'?"),

        Case("ouroboros.name.n.server.encryption.kexx = X25519", "ouroboros.name.n.server.encryption.kexx", 1, 1, "did you mean 'kex'?"),

        // Security.
        Case("ouroboros.name.n.server.encryption.kex = P-256", "ouroboros.name.n.server.encryption.kex", 1, 42, "not one of"),
        Case("ouroboros.name.n.server.encryption = some", "ouroboros.name.n.server.encryption", 1, 38, "is none, or"),
        Case("ouroboros.name.n.client.encryption.cipher = aes-256-ctr", "ouroboros.name.n.client.encryption.cipher", 1, 45, "lets anybody change packets unseen"),
        Case("ouroboros.name.n.client.require-authentication = maybe", "ouroboros.name.n.client.require-authentication", 1, 50, "not a boolean"),
        Case("ouroboros.name.n.client.crt-file = \"pkcs11:object=x\"", "ouroboros.name.n.client.crt-file", 1, 36, "only a key-file can be in a token"),
        Case("ouroboros.security.max-handshakes = 0", "ouroboros.security.max-handshakes", 1, 37, "out of range"),

        // Wrong types.
        Case("ouroboros = 5", "ouroboros", 1, 13, "expected an object"),
        Case("ouroboros.irmd = 5", "ouroboros.irmd", 1, 18, "expected an object"),
        Case("ouroboros.irmd.query-timeout = soon", "ouroboros.irmd.query-timeout", 1, 32, "'soon' is not a duration"),
        Case("ouroboros.irmd.query-timeout = 5 parsecs", "ouroboros.irmd.query-timeout", 1, 32, "not a unit of time"),
        Case("ouroboros.irmd.direct-ipc = maybe", "ouroboros.irmd.direct-ipc", 1, 29, "not a boolean"),
        Case("ouroboros.irmd.max-flows = many", "ouroboros.irmd.max-flows", 1, 28, "not a whole number"),
        Case("ouroboros.irmd.group = [a]", "ouroboros.irmd.group", 1, 24, "expected a string"),
        Case("ouroboros.pool.backing = disk", "ouroboros.pool.backing", 1, 26, "not one of shared-file, anonymous"),
        Case("ouroboros.fail = never", "ouroboros.fail", 1, 18, "not one of stop, continue"),
        Case("ouroboros.log.level = loud", "ouroboros.log.level", 1, 23, "not one of verbose, debug, information"),
        Case("ouroboros.log.sources.a = loud", "ouroboros.log.sources.a", 1, 27, "not one of verbose"),
        Case("ouroboros.name = 5", "ouroboros.name", 1, 18, "expected an object"),
        Case("ouroboros.name.n = 5", "ouroboros.name.n", 1, 20, "expected an object"),
        Case("ouroboros.name.n.lb = spillage", "ouroboros.name.n.lb", 1, 23, "not one of spill, round-robin, spillover"),
        Case("ouroboros.name.n.prog = oping", "ouroboros.name.n.prog", 1, 25, "expected an array"),
        Case("ouroboros.name.n.prog = [{ auto = true }]", "ouroboros.name.n.prog[0].path", 1, 26, "required but not set"),
        Case("ouroboros.local = 5", "ouroboros.local", 1, 19, "expected an object"),
        Case("ouroboros.local.lo = 5", "ouroboros.local.lo", 1, 22, "expected an object"),
        Case("ouroboros.local.lo { bootstrap = L, hash = MD5 }", "ouroboros.local.lo.hash", 1, 44, "not one of SHA3_224"),
        Case("ouroboros.local.lo { hash = MD5 }", "ouroboros.local.lo.hash", 1, 29, "not one of SHA3_224"),
        Case("ouroboros.local.lo { autobind = 1 }", "ouroboros.local.lo.autobind", 1, 33, "not a boolean"),
        Case("ouroboros.local.lo { reg = a }", "ouroboros.local.lo.reg", 1, 28, "expected an array"),
        Case("ouroboros.defaults.local.hash = MD5\nouroboros.local.lo { bootstrap = L }", "ouroboros.local.lo.hash", 1, 33, "not one of SHA3_224"),
        Case("akka = 5", "akka", 1, 8, "expected an object"),

        // Out of range.
        Case("ouroboros.runtime-name = \"a b\"", "ouroboros.runtime-name", 1, 26, "use letters, digits and dashes"),
        Case("ouroboros.seed = 3000000000", "ouroboros.seed", 1, 18, "out of range"),
        Case("ouroboros.irmd.query-timeout = 0", "ouroboros.irmd.query-timeout", 1, 32, "allowed are 1 ms to 86400 s"),
        Case("ouroboros.irmd.query-timeout = infinite", "ouroboros.irmd.query-timeout", 1, 32, "out of range"),
        Case("ouroboros.irmd.kill-timeout = 2 d", "ouroboros.irmd.kill-timeout", 1, 31, "out of range"),
        Case("ouroboros.irmd.max-flows = 1", "ouroboros.irmd.max-flows", 1, 28, "allowed are 2 to"),
        Case("ouroboros.irmd.max-flows-per-application = 64", "ouroboros.irmd.max-flows-per-application", 1, 44, "allowed are 65 to"),
        Case("ouroboros.irmd.max-failures = 0", "ouroboros.irmd.max-failures", 1, 31, "allowed are 1 to 1000"),
        Case("ouroboros.irmd.failure-window = 1 ms", "ouroboros.irmd.failure-window", 1, 33, "out of range"),
        Case("ouroboros.irmd.group = \"\"", "ouroboros.irmd.group", 1, 24, "must not be empty"),
        Case("ouroboros.pool.prefix = a/b", "ouroboros.pool.prefix", 1, 25, "is no file name"),
        Case("ouroboros.pool.shards = 3", "ouroboros.pool.shards", 1, 25, "powers of two"),
        Case("ouroboros.pool.shards = 128", "ouroboros.pool.shards", 1, 25, "powers of two"),
        Case("ouroboros.pool.thread-cache = 65", "ouroboros.pool.thread-cache", 1, 31, "allowed are 0 to 64"),
        Case("ouroboros.pool.fallback-sizes = 10", "ouroboros.pool.fallback-sizes", 1, 33, "allowed are 0 to 9"),
        Case("ouroboros.pool.global.blocks-1m = 2048", "ouroboros.pool.global.blocks-1m", 1, 35, "allowed are 0 to 2047"),
        Case("ouroboros.pool.user.blocks-384 = -1", "ouroboros.pool.user.blocks-384", 1, 34, "out of range"),
        Case("ouroboros.control.max-connections = 0", "ouroboros.control.max-connections", 1, 37, "allowed are 1 to"),
        Case("ouroboros.control.idle-timeout = 0", "ouroboros.control.idle-timeout", 1, 34, "out of range"),
        Case($"ouroboros.name.{new string('n', 256)} {{}}", $"ouroboros.name.{new string('n', 256)}", 1, 273, "this one has 256"),
        Case("ouroboros.name.\"\" {}", "ouroboros.name.\"\"", 1, 19, "this one has 0"),
        Case("akka {\n loglevel = LOUD }", "akka.loglevel", 2, 13, "DEBUG, INFO, WARNING, ERROR, OFF"),
        Case("ouroboros.name.n.server.crt-file = /no/such/file", "ouroboros.name.n.server.crt-file", 1, 36, "/no/such/file does not exist"),
        Case($"ouroboros.name.n.prog = [{new string('p', 256)}]", "ouroboros.name.n.prog[0]", 1, 26, "at most 255"),
        Case("ouroboros.name.n.prog = [/usr/bin/]", "ouroboros.name.n.prog[0]", 1, 26, "is a folder"),
        Case($"ouroboros.local.{new string('n', 256)} {{}}", $"ouroboros.local.{new string('n', 256)}", 1, 274, "this one has 256"),
        Case($"ouroboros.local.lo.bootstrap = {new string('l', 256)}", "ouroboros.local.lo.bootstrap", 1, 32, "at most 255"),
        Case($"ouroboros.local.lo.reg = [a, {new string('r', 256)}]", "ouroboros.local.lo.reg[1]", 1, 30, "at most 255"),
        Case("ouroboros.local.lo.retry = 1001", "ouroboros.local.lo.retry", 1, 28, "allowed are 0 to 1000"),

        // Meaning.
        Case("ouroboros.name.n { prog = [a], args = [\"\", b] }", "ouroboros.name.n.args[1]", 1, 44, "2 args for 1 prog"),
        Case("ouroboros.name.n { prog = [{ path = a }], args = [b] }", "ouroboros.name.n.args[0]", 1, 51, "put it into the args of that object"),
        Case("ouroboros.name.n.prog = [{ path = a, args = [b] }]", "ouroboros.name.n.prog[0].args", 1, 45, "set auto = true"),
        Case("ouroboros.name.n.prog = [/bin/a, /usr/bin/a]", "ouroboros.name.n.prog[1]", 1, 34, "stands here twice"),
        Case("ouroboros.local.lo.enrol = L", "ouroboros.local.lo.enrol", 1, 28, "do not enrol; use bootstrap"),
        Case("ouroboros.local.lo.conn = [a]", "ouroboros.local.lo.conn", 1, 27, "have no connections"),
        Case("ouroboros.unicast.u {\n bootstrap = U, addr_size = 8 }", "ouroboros.unicast.u.addr_size", 2, 29, "addresses of 4 bytes"),
        Case("ouroboros.unicast.u {\n bootstrap = U, addr = 8 }", "ouroboros.unicast.u.addr", 2, 24, "addresses of 4 bytes"),
        Case("ouroboros.unicast.u {\n bootstrap = U, peer_timeout = 500ms }", "ouroboros.unicast.u.peer_timeout", 2, 32, "too short"),
        Case("ouroboros.unicast.u {\n enrol = m, routing = ecmp }", "ouroboros.unicast.u.routing", 2, 23, "comes with the enrolment"),
        Case("ouroboros.unicast.u {\n enrol = m, ttl = 9 }", "ouroboros.unicast.u.ttl", 2, 19, "comes with the enrolment"),
        Case("ouroboros.unicast.u {\n bootstrap = U, max_ttl = 0 }", "ouroboros.unicast.u.max_ttl", 2, 27, "1 to 255"),
        Case("ouroboros.unicast.u {\n bootstrap = U, congestion = lfa }", "ouroboros.unicast.u.congestion", 2, 30, "mb-ecn"),
        Case("ouroboros.unicast.u {\n bootstrap = U, routing = rip }", "ouroboros.unicast.u.routing", 2, 27, "link-state"),
        Case("ouroboros.unicast.u {\n bootstrap = U, addr-auth = dhcp }", "ouroboros.unicast.u.addr-auth", 2, 29, "flat"),
        Case("ouroboros.unicast.u {\n bootstrap = U, ls_t_update = 21 }", "ouroboros.unicast.u.ls_t_update", 2, 31, "a third of"),
        Case("ouroboros.unicast.u {\n bootstrap = U, dht_k = 21 }", "ouroboros.unicast.u.dht_k", 2, 25, "1 to 20"),
        Case("ouroboros.eth-dix.e { bootstrap = E }", "ouroboros.eth-dix.e.dev", 1, 21, "required but not set"),
        Case("ouroboros.eth-dix.e {\n bootstrap = E, dev = a-name-that-is-too-long }", "ouroboros.eth-dix.e.dev", 2, 23, "cannot be a network interface"),
        Case("ouroboros.eth-dix.e {\n bootstrap = E, dev = eth0\n ethertype = 0x05FF }", "ouroboros.eth-dix.e.ethertype", 3, 14, "use 0x0600 to 0xFFFE"),
        Case("ouroboros.eth-llc.e {\n bootstrap = E, dev = eth0\n ethertype = 0xA000 }", "ouroboros.eth-llc.e.ethertype", 3, 2, "not a known key"),
        Case("ouroboros.eth-llc.e {\n bootstrap = E, dev = eth0, max-flows = 63 }", "ouroboros.eth-llc.e.max-flows", 2, 41, "1 to 62"),
        Case("ouroboros.eth-dix.e {\n bootstrap = E, dev = eth0\n fault.loss = 2 }", "ouroboros.eth-dix.e.fault.loss", 3, 15, "0 to 1"),
        Case("ouroboros.udp4.u { bootstrap = U }", "ouroboros.udp4.u.ip", 1, 18, "required but not set"),
        Case("ouroboros.udp4.u {\n bootstrap = U, ip = \"fd00::1\" }", "ouroboros.udp4.u.ip", 2, 22, "is no IPv4 address"),
        Case("ouroboros.udp4.u {\n bootstrap = U, ip = 0.0.0.0 }", "ouroboros.udp4.u.ip", 2, 22, "must be one address of this host"),
        Case("ouroboros.udp6.u {\n bootstrap = U, ip = \"fe80::1\" }", "ouroboros.udp6.u.ip", 2, 22, "needs its interface"),
        Case("ouroboros.udp6.u {\n bootstrap = U, ip = \"fd00::1%eth0\" }", "ouroboros.udp6.u.ip", 2, 22, "is not link-local"),
        Case("ouroboros.udp4.u {\n bootstrap = U, ip = 10.0.0.1, dns = here }", "ouroboros.udp4.u.dns", 2, 38, "no address of a DNS server"),
        Case("ouroboros.udp4.u {\n bootstrap = U, ip = 10.0.0.1, dns-zone = a..b }", "ouroboros.udp4.u.dns-zone", 2, 43, "no domain name"),
        Case("ouroboros.udp4.u {\n bootstrap = U, ip = 10.0.0.1, port = 0 }", "ouroboros.udp4.u.port", 2, 39, "1 to 65535"),
        Case("ouroboros.udp6.u {\n bootstrap = U, ip = \"fd00::1\", mtu = 9000 }", "ouroboros.udp6.u.mtu", 2, 39, "576 to 8952"),
        Case("ouroboros.udp6.u {\n bootstrap = U, ip = \"fd00::1\", mtu = pth }", "ouroboros.udp6.u.mtu", 2, 39, "neither a number of bytes nor \"path\"; write 576 to 8952, or path"),

        // Form.
        Case("ouroboros {\n  irmd { group = a\n", "", 3, 1, ""),
        Case("ouroboros.seed = ${nowhere}", "ouroboros.seed", 1, 18, "nowhere"),
    ];

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_named_by_file_line_column_and_path(string hocon, string path, int line, int column, string reason)
    {
        var error = Assert.Throws<HoconException>(() => HoconConfig.ParseString(hocon, "node.conf"))!;
        Assert.That(HoconConfig.ErrorsOf(error), Has.Count.EqualTo(1), error.Message);
        Assert.That((error.File, error.Line, error.Column), Is.EqualTo(("node.conf", line, column)), error.Message);
        if (path.Length > 0) Assert.That(error.Path, Is.EqualTo(path));
        Assert.That(error.Reason, Does.Contain(reason));
        Assert.That(error.Message, Does.StartWith($"node.conf:{line}:{column}: "));
    }

    [Test]
    public void All_mistakes_of_a_file_are_reported_together_each_with_its_position()
    {
        var error = Assert.Throws<HoconException>(() => HoconConfig.ParseString(
            """
            ouroboros {
              irmd { query-timeout = soon, max-flows = 0, colour = red }
              local { a { bootstrap = A, hash = MD5 }, b { hsah = SHA3_256 } }
              udp4 { u { bootstrap = U } }
            }
            """,
            "node.conf"))!;
        Assert.That(HoconConfig.ErrorsOf(error).Select(e => $"{e.Line}:{e.Column} {e.Path}"), Is.EquivalentTo(new[]
        {
            "2:26 ouroboros.irmd.query-timeout",
            "2:44 ouroboros.irmd.max-flows",
            "2:47 ouroboros.irmd.colour",
            "3:37 ouroboros.local.a.hash",
            "3:48 ouroboros.local.b.hsah",
            "4:12 ouroboros.udp4.u.ip",
        }));
        Assert.That(error.Message.Split('\n'), Is.EqualTo(HoconConfig.ErrorsOf(error).Select(e => e.Message)));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<HoconException>(() => HoconConfig.LoadFile("/no/such/node.conf"))!;
        Assert.That(error.Message, Does.StartWith("/no/such/node.conf: ").And.Contain("does not exist"));
    }

    [Test]
    public void A_mistake_in_an_included_file_is_named_by_that_file()
    {
        var options = new HoconOptions { ReadFile = path => path.EndsWith("more.conf", StringComparison.Ordinal) ? "\nouroboros.seed = x" : null, BaseDirectory = "/etc" };
        var error = Assert.Throws<HoconException>(() => HoconConfig.ParseString("include \"more.conf\"", "node.conf", options))!;
        Assert.That(error.Message, Does.StartWith("/etc/more.conf:2:18: ouroboros.seed: "));
    }

    [TestCase("ouroboros { local { x {} }, eth-dix { x {} } }", "ouroboros.eth-dix.x", 1, 41)]
    [TestCase("ouroboros {\n local { x {} }\n unicast { x {} } }", "ouroboros.unicast.x", 3, 14)]
    public void Two_IPCPs_of_one_name_are_a_mistake_whatever_their_kinds(string hocon, string path, int line, int column)
    {
        var errors = HoconConfig.ErrorsOf(Assert.Throws<HoconException>(() => HoconConfig.ParseString(hocon, "node.conf"))!);
        var duplicate = errors.Single(e => e.Reason.Contains("is called x already", StringComparison.Ordinal));
        Assert.That((duplicate.Path, duplicate.Line, duplicate.Column), Is.EqualTo((path, line, column)));
        Assert.That(duplicate.Reason, Does.Contain("ouroboros.local.x at node.conf:"));
    }

    private static TestCaseData Case(string hocon, string path, int line, int column, string reason) =>
        new TestCaseData(hocon, path, line, column, reason).SetArgDisplayNames(hocon.Length <= 80 ? hocon.ReplaceLineEndings(" ") : hocon[..77] + "...");
}

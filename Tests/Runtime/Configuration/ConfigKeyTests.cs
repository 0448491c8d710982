using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Crypto.Oap;
using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;
using Serilog.Events;

namespace Ouroboros.Tests.Runtime.Configuration;

/// <summary>Each key, set to something that is not its default, is seen in the configuration, and nothing else changes.</summary>
public sealed class ConfigKeyTests
{
    private static readonly RuntimeConfig Plain = new();

    private static TestCaseData[] Keys { get; } =
    [
        Case("ouroboros.runtime-name = node-7", c => c with { Name = "node-7" }),
        Case("ouroboros.seed = -5", c => c with { Seed = -5 }),
        Case("ouroboros.large-pages = true", c => c with { LargePages = true }),
        Case("ouroboros.fail = continue", c => c with { StopOnFailure = false }),
        Irmd("request-arrival-timeout = 2 s", i => i with { RequestArrivalTimeout = TimeSpan.FromSeconds(2) }),
        Irmd("flow-alloc-timeout = 30s", i => i with { FlowAllocTimeout = TimeSpan.FromSeconds(30) }),
        Irmd("query-timeout = 250", i => i with { QueryTimeout = TimeSpan.FromMilliseconds(250) }),
        Irmd("bootstrap-timeout = 6s", i => i with { BootstrapTimeout = TimeSpan.FromSeconds(6) }),
        Irmd("enroll-timeout = 7s", i => i with { EnrollTimeout = TimeSpan.FromSeconds(7) }),
        Irmd("connect-timeout = 8s", i => i with { ConnectTimeout = TimeSpan.FromSeconds(8) }),
        Irmd("reg-timeout = 9s", i => i with { RegTimeout = TimeSpan.FromSeconds(9) }),
        Irmd("ipcp-timeout = 10s", i => i with { IpcpTimeout = TimeSpan.FromSeconds(10) }),
        Irmd("kill-timeout = 0", i => i with { KillTimeout = TimeSpan.Zero }),
        Irmd("direct-ipc = false", i => i with { DirectIpc = false }),
        Irmd("disable-crc = false", i => i with { DisableCrc = false }),
        Irmd("max-flows = 2", i => i with { MaxFlows = 2 }),
        Irmd("max-flows-per-application = 65", i => i with { MaxFlowsPerApplication = 65 }),
        Irmd("group = net", i => i with { Group = "net" }),
        Irmd("security-dir = /srv/keys", i => i with { SecurityDir = "/srv/keys" }),
        Irmd("max-failures = 6", i => i with { MaxFailures = 6 }),
        Irmd("failure-window = 2 m", i => i with { FailureWindow = TimeSpan.FromMinutes(2) }),
        Pools("backing = anonymous", p => p with { Backing = PoolBacking.Anonymous }),
        Pools("directory = /tmp", p => p with { Directory = "/tmp" }),
        Pools("prefix = other", p => p with { Prefix = "other" }),
        Pools("group = net", p => p with { Group = "net" }),
        Pools("shards = 16", p => p with { Shards = 16 }),
        Pools("thread-cache = 0", p => p with { ThreadCache = 0 }),
        Pools("fallback-sizes = 9", p => p with { FallbackSizes = 9 }),
        Case("ouroboros.pool.lock-in-memory = true", c => c with { GlobalPool = c.GlobalPool with { LockInMemory = true } }),
        .. Counts("blocks-384", (k, n) => k with { Blocks384 = n }),
        .. Counts("blocks-512", (k, n) => k with { Blocks512 = n }),
        .. Counts("blocks-1k", (k, n) => k with { Blocks1K = n }),
        .. Counts("blocks-2k", (k, n) => k with { Blocks2K = n }),
        .. Counts("blocks-4k", (k, n) => k with { Blocks4K = n }),
        .. Counts("blocks-16k", (k, n) => k with { Blocks16K = n }),
        .. Counts("blocks-64k", (k, n) => k with { Blocks64K = n }),
        .. Counts("blocks-256k", (k, n) => k with { Blocks256K = n }),
        .. Counts("blocks-1m", (k, n) => k with { Blocks1M = n }),
        Case("ouroboros.control.socket = /tmp/irm.sock", c => c with { Control = c.Control with { Socket = "/tmp/irm.sock" } }),
        Case("ouroboros.control.idle-timeout = 1s", c => c with { Control = c.Control with { IdleTimeout = TimeSpan.FromSeconds(1) } }),
        Case("ouroboros.control.max-connections = 3", c => c with { Control = c.Control with { MaxConnections = 3 } }),
        Case("ouroboros.control.max-connections-per-user = 2", c => c with { Control = c.Control with { MaxConnectionsPerUser = 2 } }),
        Case("ouroboros.log.level = warn", c => c with { Log = c.Log with { Level = LogEventLevel.Warning } }),
        Case("ouroboros.log.console = off", c => c with { Log = c.Log with { Console = false } }),
        Case("ouroboros.log.file = /tmp/o.log", c => c with { Log = c.Log with { File = "/tmp/o.log" } }),
        Case("""ouroboros.log.sources { "Ouroboros.Layers" = verbose }""",
            c => c with { Log = c.Log with { Sources = new Dictionary<string, LogEventLevel> { ["Ouroboros.Layers"] = LogEventLevel.Verbose } } }),
        Case("akka.loglevel = DEBUG", c => c with { ActorSystemHocon = "akka {\nloglevel = \"DEBUG\"\n}\n" }),
        Case("vars.x = 5, ouroboros.seed = ${vars.x}", c => c with { Seed = 5 }),
        Name("{}", new NameInfo("n")),
        Name("{ lb = round-robin }", new NameInfo("n", LoadBalancing.RoundRobin)),
        Name("{ lb = spillover }", new NameInfo("n")),
        Name("{ prog = [/usr/bin/oecho, service] }", new NameInfo("n"), Bound("/usr/bin/oecho"), Bound("service")),
        Name("{ prog = [{ path = /usr/bin/oping, auto = true, args = [--listen, a b] }, /bin/b] }",
            new NameInfo("n"), Started("/usr/bin/oping", "--listen", "a b"), Bound("/bin/b")),
        Name("""{ prog = [/bin/a, /bin/b, /bin/c], args = ["--listen  -Q", ""] }""",
            new NameInfo("n"), Started("/bin/a", "--listen", "-Q"), Started("/bin/b"), Bound("/bin/c")),
        Name("{ server { enc-file = /etc/passwd, crt-file = /etc/group, key-file = /etc/hosts } }",
            new NameInfo("n", Security: new SecurityPaths("/etc/passwd", "/etc/group", "/etc/hosts"))),
        Name("{ client { enc-file = /etc/passwd, crt-file = /etc/group, key-file = /etc/hosts } }",
            new NameInfo("n", Security: new SecurityPaths(null, null, null, "/etc/passwd", "/etc/group", "/etc/hosts"))),
        Name("{ server { kem-key-file = /etc/passwd }, client { kem-key-file = /etc/group, key-file = \"pkcs11:token=t;object=k\" } }",
            new NameInfo("n", Security: new SecurityPaths(ClientKey: "pkcs11:token=t;object=k") { ServerKemKey = "/etc/passwd", ClientKemKey = "/etc/group" })),
        Name("{ server.encryption {} }", new NameInfo("n") { Server = new SidePolicy { Encryption = new EncryptionOptions() } }),
        Name("{ server.encryption = none, client.encryption = null }", new NameInfo("n") { Server = new SidePolicy { NoEncryption = true } }),
        Name("{ client.encryption { kex = X448, cipher = aes-128-gcm, kdf = sha3-512, digest = blake2b512, kem-mode = client } }", new NameInfo("n")
        {
            Client = new SidePolicy
            {
                Encryption = new EncryptionOptions
                {
                    KeyExchange = KeyExchangeAlgorithm.X448, Cipher = CipherAlgorithm.Aes128Gcm, Kdf = DigestAlgorithm.Sha3_512, Digest = DigestAlgorithm.Blake2b512, KemMode = KemMode.Client,
                },
            },
        }),
        Name("{ client.require-authentication = true }", new NameInfo("n") { Client = new SidePolicy { RequireAuthentication = true } }),
        Name("{ server.require-encryption = true }", new NameInfo("n") { Server = new SidePolicy { RequireEncryption = true } }),
        Name("{ server { allow-counter-mode = true, encryption { cipher = aes-256-ctr } } }", new NameInfo("n")
        {
            Server = new SidePolicy { AllowCounterMode = true, Encryption = new EncryptionOptions { Cipher = CipherAlgorithm.Aes256Ctr } },
        }),
        Handshakes("handshake-timeout = 1 s", h => h with { HandshakeTimeout = TimeSpan.FromSeconds(1) }),
        Handshakes("max-handshakes = 7", h => h with { MaxHandshakes = 7 }),
        Handshakes("handshake-rate = 8", h => h with { HandshakeRate = 8 }),
        Handshakes("handshake-burst = 9", h => h with { HandshakeBurst = 9 }),
        Handshakes("threads = 3", h => h with { Threads = 3 }),
        Handshakes("max-threads = 10", h => h with { MaxThreads = 10 }),
        Handshakes("max-waiting = 11", h => h with { MaxWaiting = 11 }),
        Handshakes("secure-heap = 16 MiB", h => h with { SecureHeap = 16 << 20 }),
        Handshakes("secure-heap = 0", h => h with { SecureHeap = 0 }),
        Handshakes("lock-memory = true", h => h with { LockMemory = true }),
        Ipcp("{}", s => s),
        Ipcp("{ bootstrap = L }", s => s with { Bootstrap = Local("L") }),
        Ipcp("{ bootstrap = L, hash = SHA3_512 }", s => s with { Bootstrap = Local("L", DirectoryHash.Sha3_512) }),
        Ipcp("{ hash = SHA3_512 }", s => s),
        Ipcp("{ autobind = true }", s => s with { AutoBind = true }),
        Ipcp("{ autobind = false }", s => s),
        Ipcp("{ reg = [a, b] }", s => s with { Register = ["a", "b"] }),
        Ipcp("{ retry = 3 }", s => s with { Retry = 3 }),
        Ipcp("{ order = -10 }", s => s with { Order = -10 }),
    ];

    [TestCaseSource(nameof(Keys))]
    public void A_key_changes_its_own_setting_and_no_other(string hocon, RuntimeConfig expected)
    {
        Assert.That(HoconConfig.ParseString(hocon), Is.EqualTo(expected).UsingPropertiesComparer());
        Assert.That(expected, Is.Not.EqualTo(Plain).UsingPropertiesComparer(), "the case tests nothing");
    }

    [Test]
    public void Defaults_of_stanzas_can_be_changed_for_a_whole_file_and_stanzas_still_win()
    {
        var config = HoconConfig.ParseString("""
            ouroboros {
              defaults { name.lb = round-robin, ipcp.autobind = true, local.hash = SHA3_384 }
              name { a {}, b { lb = spill } }
              local { x { bootstrap = X }, y { bootstrap = Y, hash = SHA3_224, autobind = false } }
            }
            """);
        Assert.That(config.Names.Select(n => n.Info.LoadBalancing), Is.EqualTo(new[] { LoadBalancing.RoundRobin, LoadBalancing.Spill }));
        Assert.That(config.Ipcps.Select(i => i.Bootstrap), Is.EqualTo(new[] { Local("X", DirectoryHash.Sha3_384), Local("Y", DirectoryHash.Sha3_224) }));
        Assert.That(config.Ipcps.Select(i => i.AutoBind), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void IPCPs_are_sorted_by_order_and_then_by_name_whatever_the_file_says()
    {
        var config = HoconConfig.ParseString("ouroboros.local { c {}, a { order = 1 }, b {}, d { order = -1 } }");
        Assert.That(config.Ipcps.Select(i => i.Name), Is.EqualTo(new[] { "d", "b", "c", "a" }));
    }

    [Test]
    public void Names_with_full_stops_are_quoted_in_paths()
    {
        var stanza = HoconConfig.ParseString("""ouroboros.local."a.b" {}""").Ipcps.Single();
        Assert.That((stanza.Name, stanza.Path), Is.EqualTo(("a.b", "ouroboros.local.\"a.b\"")));
    }

    [Test]
    public void A_relative_security_file_is_resolved()
    {
        var file = Path.GetRelativePath(Environment.CurrentDirectory, "/etc/passwd");
        var name = HoconConfig.ParseString($"ouroboros.name.n.server.enc-file = \"{file}\"").Names.Single();
        Assert.That(name.Info.Security!.ServerEncryption, Is.EqualTo("/etc/passwd"));
    }

    private static IpcpConfig Local(string layer, DirectoryHash hash = DirectoryHash.Sha3_256) =>
        new Layers.Local.LocalConfig(new LayerInfo(layer, hash));

    private static ProgramBinding Bound(string path) => new(new ProgramCommand(path), false);

    private static ProgramBinding Started(string path, params string[] arguments) => new(new ProgramCommand(path, arguments), true);

    private static TestCaseData Case(string hocon, Func<RuntimeConfig, RuntimeConfig> change) => new TestCaseData(hocon, change(Plain)).SetArgDisplayNames(hocon);

    private static TestCaseData Irmd(string key, Func<IrmdSettings, IrmdSettings> change) =>
        Case("ouroboros.irmd." + key, c => c with { Irmd = change(c.Irmd) });

    private static TestCaseData Handshakes(string key, Func<SecuritySettings, SecuritySettings> change) =>
        Case("ouroboros.security." + key, c => c with { Security = change(c.Security) });

    private static TestCaseData Pools(string key, Func<PacketPoolOptions, PacketPoolOptions> change) =>
        Case("ouroboros.pool." + key, c => c with { GlobalPool = change(c.GlobalPool), UserPool = change(c.UserPool) });

    private static TestCaseData[] Counts(string key, Func<PoolCounts, int, PoolCounts> change) =>
    [
        Case($"ouroboros.pool.global.{key} = 77", c => c with { GlobalPool = c.GlobalPool with { Counts = change(PoolCounts.Global, 77) } }),
        Case($"ouroboros.pool.user.{key} = 78", c => c with { UserPool = c.UserPool with { Counts = change(PoolCounts.User, 78) } }),
    ];

    private static TestCaseData Name(string stanza, NameInfo info, params ProgramBinding[] programs) =>
        Case("ouroboros.name.n " + stanza, c => c with { Names = [new NameConfig(info, programs)] });

    private static TestCaseData Ipcp(string stanza, Func<IpcpStanza, IpcpStanza> change) =>
        Case("ouroboros.local.lo " + stanza, c => c with { Ipcps = [change(new IpcpStanza("lo", IpcpType.Local, "ouroboros.local.lo"))] });
}

using System.Text.RegularExpressions;
using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Security;
using Serilog.Events;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Turns a tree in which every key is set into a <see cref="RuntimeConfig"/>. See <c>hocon/reference.conf</c> for the keys.</summary>
/// <param name="errors">Where to put what is wrong.</param>
/// <param name="written">The same tree without the defaults of stanzas.</param>
/// <param name="reference">The reference alone.</param>
internal sealed partial class ConfigReader(ConfigErrors errors, HoconObject written, HoconObject reference)
{
    private const int MaxFlows = 1 << 24;
    private const int MaxConnections = 65536;
    private const int MaxHandshakes = 1_000_000;
    private const int MaxThreads = 1024;

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, bool> FailModes = new() { ["stop"] = true, ["continue"] = false };

    private static readonly Dictionary<string, LogEventLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["verbose"] = LogEventLevel.Verbose,
        ["debug"] = LogEventLevel.Debug,
        ["information"] = LogEventLevel.Information,
        ["info"] = LogEventLevel.Information,
        ["warning"] = LogEventLevel.Warning,
        ["warn"] = LogEventLevel.Warning,
        ["error"] = LogEventLevel.Error,
        ["fatal"] = LogEventLevel.Fatal,
    };

    private readonly List<string> _warnings = [];

    public RuntimeConfig Read(HoconObject root)
    {
        var top = new ConfigSection(new HoconReader(root), errors);
        top.Reader.Ignore("vars");
        var section = top.Section(StanzaDefaults.Root);
        Acquaint(section.Section(StanzaDefaults.Key).Reader, reference.GetObject(HoconPath.Join([StanzaDefaults.Root, StanzaDefaults.Key])));
        var pools = new PoolReader(section.Section("pool"));
        var config = new RuntimeConfig
        {
            Name = ReadName(section),
            Seed = section.OptionalInt("seed"),
            LargePages = section.Flag("large-pages"),
            StopOnFailure = section.Choice("fail", FailModes),
            Irmd = ReadIrmd(section.Section("irmd")),
            GlobalPool = pools.ReadGlobal(),
            UserPool = pools.ReadUser(),
            Control = ReadControl(section.Section("control")),
            Security = ReadSecurity(section.Section("security")),
            Log = ReadLog(section.Section("log")),
            Names = [.. section.Section("name").Stanzas().Select(s => NameReader.Read(s.Name, s.Section)).OrderBy(n => n.Info.Name, StringComparer.Ordinal)],
            Ipcps = new IpcpReader(errors, written, _warnings).Read(section),
            ActorSystemHocon = ReadActorSystem(top),
        };
        // The readers of sections are children of this one, so this finds the unknown keys of all of them.
        foreach (var unknown in top.Reader.FindUnknown()) errors.Add(unknown);
        return config with { Warnings = _warnings.Count == 0 ? [] : [.. _warnings] };
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9-]*$")]
    private static partial Regex RuntimeName { get; }

    private static string ReadName(ConfigSection section)
    {
        const string Key = "runtime-name";
        var name = section.Name(Key);
        if (name is not null && !RuntimeName.IsMatch(name)) section.Fail(Key, $"'{name}' is no name of a runtime; use letters, digits and dashes, a letter or digit first");
        return name!;
    }

    private static IrmdSettings ReadIrmd(ConfigSection section)
    {
        TimeSpan Timeout(string key) => section.Duration(key, Millisecond, Day);
        return new IrmdSettings
        {
            RequestArrivalTimeout = Timeout("request-arrival-timeout"),
            FlowAllocTimeout = Timeout("flow-alloc-timeout"),
            QueryTimeout = Timeout("query-timeout"),
            BootstrapTimeout = Timeout("bootstrap-timeout"),
            EnrollTimeout = Timeout("enroll-timeout"),
            ConnectTimeout = Timeout("connect-timeout"),
            RegTimeout = Timeout("reg-timeout"),
            IpcpTimeout = Timeout("ipcp-timeout"),
            KillTimeout = section.Duration("kill-timeout", TimeSpan.Zero, Day),
            DirectIpc = section.Flag("direct-ipc"),
            DisableCrc = section.Flag("disable-crc"),
            MaxFlows = section.Int("max-flows", 2, MaxFlows),
            MaxFlowsPerApplication = section.Int("max-flows-per-application", Application.FirstDescriptor + 1, MaxFlows),
            Group = section.Name("group"),
            SecurityDir = section.Name("security-dir"),
            MaxFailures = section.Int("max-failures", 1, 1000),
            FailureWindow = section.Duration("failure-window", TimeSpan.FromSeconds(1), Day),
            RecoveryRetry = section.Duration("recovery-retry", Millisecond, Day),
            RecoveryRetryLongest = section.Duration("recovery-retry-longest", Millisecond, Day),
        };
    }

    private static ControlSettings ReadControl(ConfigSection section) => new()
    {
        Socket = section.OptionalName("socket"),
        IdleTimeout = section.Duration("idle-timeout", Millisecond, Day),
        MaxConnections = section.Int("max-connections", 1, MaxConnections),
        MaxConnectionsPerUser = section.Int("max-connections-per-user", 1, MaxConnections),
    };

    private static SecuritySettings ReadSecurity(ConfigSection section) => new()
    {
        HandshakeTimeout = section.Duration("handshake-timeout", Millisecond, Day),
        MaxHandshakes = section.Int("max-handshakes", 1, MaxHandshakes),
        HandshakeRate = section.Int("handshake-rate", 1, MaxHandshakes),
        HandshakeBurst = section.Int("handshake-burst", 1, MaxHandshakes),
        Threads = section.Int("threads", 0, MaxThreads),
        MaxThreads = section.Int("max-threads", 1, MaxThreads),
        MaxWaiting = section.Int("max-waiting", 1, MaxHandshakes),
        SecureHeap = section.Size("secure-heap", 0, Crypto.OpenSsl.SecureHeap.Largest),
        LockMemory = section.Flag("lock-memory"),
    };

    private static LogSettings ReadLog(ConfigSection section)
    {
        var sources = section.Section("sources");
        return new LogSettings
        {
            Level = section.Choice("level", Levels),
            Console = section.Flag("console"),
            File = section.OptionalName("file"),
            Sources = sources.Reader.Keys.Where(sources.Reader.Has).ToDictionary(key => key, key => sources.Choice(key, Levels)),
        };
    }

    // Akka.NET finds these wrong without saying where they stand.
    private static readonly string[] ActorLogLevelKeys = ["loglevel", "stdout-loglevel"];
    private static readonly string[] ActorLogLevels = ["DEBUG", "INFO", "WARNING", "ERROR", "OFF"];

    private string ReadActorSystem(ConfigSection top)
    {
        const string Key = "akka";
        if (!top.Reader.TryGetValue(Key, out var value)) return "";
        var akka = errors.Try(value.AsObject);
        foreach (var key in ActorLogLevelKeys)
        {
            if (akka is null || !akka.TryGet(key, out var level) || errors.Try(level.AsString) is not { } text) continue;
            if (!ActorLogLevels.Contains(text.ToUpperInvariant())) errors.Add(HoconException.At(level, $"'{text}' is not one of {string.Join(", ", ActorLogLevels)}"));
        }
        return akka is { Count: > 0 } ? $"{Key} {{\n{akka.Render()}\n}}\n" : "";
    }

    /// <summary>Defaults are checked where they are used; that their keys are known, even where nothing uses them.</summary>
    private static void Acquaint(HoconReader defaults, HoconObject known)
    {
        foreach (var key in known.Keys)
        {
            if (defaults.TryGetValue(key, out var value) && value is HoconObject && known.TryGetKey(key, out var below) && below is HoconObject keys)
            {
                Acquaint(defaults.GetObject(key), keys);
            }
        }
    }
}

using System.Text;
using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Reads one stanza of <c>ouroboros.name</c>.</summary>
internal static class NameReader
{
    private const int MaxSecurityPath = 511;

    private static readonly Dictionary<string, LoadBalancing> Policies = new()
    {
        ["spill"] = LoadBalancing.Spill,
        ["round-robin"] = LoadBalancing.RoundRobin,
        ["spillover"] = LoadBalancing.Spill,
    };

    public static NameConfig Read(string name, ConfigSection stanza)
    {
        CheckName(stanza, name, "a name");
        var server = stanza.Section("server");
        var client = stanza.Section("client");
        var security = new SecurityPaths(
            SecurityFile(server, "enc-file"), SecurityFile(server, "crt-file"), SecurityFile(server, "key-file"),
            SecurityFile(client, "enc-file"), SecurityFile(client, "crt-file"), SecurityFile(client, "key-file"))
        {
            ServerKemKey = SecurityFile(server, "kem-key-file"),
            ClientKemKey = SecurityFile(client, "kem-key-file"),
        };
        var info = new NameInfo(name, stanza.Choice("lb", Policies), security == new SecurityPaths() ? null : security)
        {
            Server = PolicyReader.Read(server),
            Client = PolicyReader.Read(client),
        };
        return new NameConfig(info, Programs(stanza));
    }

    /// <summary>Names of names and of IPCPs are keys, so nothing but their length can be wrong.</summary>
    public static void CheckName(ConfigSection stanza, string name, string what)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        if (length is 0 or > IpcpActor.MaxNameLength)
        {
            stanza.Errors.Add(HoconException.At(stanza.Reader.Object, $"{what} has 1 to {IpcpActor.MaxNameLength} bytes, this one has {length}; choose another"));
        }
    }

    private static string? SecurityFile(ConfigSection section, string key)
    {
        if (section.OptionalName(key, MaxSecurityPath) is not { } path) return null;
        if (path.StartsWith("pkcs11:", StringComparison.Ordinal))
        {
            if (key != "key-file") section.Fail(key, "only a key-file can be in a token; give the path of a file");
            return path;
        }
        var full = Path.GetFullPath(path);
        if (!File.Exists(full)) section.Fail(key, $"{full} does not exist; create it, or correct the path");
        return full;
    }

    private static List<ProgramBinding> Programs(ConfigSection stanza)
    {
        var programs = new List<ProgramBinding>();
        var entries = stanza.List("prog");
        var arguments = stanza.List("args");
        for (var i = 0; i < entries.Count; i++)
        {
            var own = i < arguments.Count ? arguments[i] : null;
            if (stanza.Errors.Try(() => entries[i] is HoconObject entry ? Program(entry, own) : Program(entries[i], own)) is not { } program) continue;
            var twin = programs.Find(p => p.Program.Key == program.Program.Key);
            if (twin is null) programs.Add(program);
            else stanza.Errors.Add(HoconException.At(entries[i], $"program {program.Program.Key} stands here twice, as {twin.Program.Path} too; remove one"));
        }
        if (arguments.Count > entries.Count)
        {
            stanza.Errors.Add(HoconException.At(arguments[entries.Count], $"there are {arguments.Count} args for {entries.Count} prog; give each program at most one"));
        }
        return programs;
    }

    private static ProgramBinding Program(HoconValue entry, HoconValue? arguments)
    {
        var path = ProgramPath(entry);
        return arguments is null
            ? new ProgramBinding(new ProgramCommand(path), false)
            : new ProgramBinding(new ProgramCommand(path, arguments.AsString().Split(' ', StringSplitOptions.RemoveEmptyEntries)), true);
    }

    private static ProgramBinding Program(HoconObject entry, HoconValue? foreign)
    {
        if (foreign is not null) throw HoconException.At(foreign, "belongs to a program that has arguments of its own; put it into the args of that object");
        var reader = new HoconReader(entry);
        var path = ProgramPath(reader.GetValue("path"));
        var auto = reader.GetBoolean("auto", false);
        var arguments = reader.GetStringList("args", []);
        reader.Finish();
        if (arguments.Count > 0 && !auto) throw reader.Error("args", "are used only for a program that is started on demand; set auto = true, or remove them");
        return new ProgramBinding(new ProgramCommand(path, arguments), auto);
    }

    private static string ProgramPath(HoconValue value)
    {
        var path = ConfigSection.Checked(value, IpcpActor.MaxNameLength);
        return Path.GetFileName(path).Length > 0 ? path : throw HoconException.At(value, $"'{path}' is a folder; give the path of an executable, or the name of a service");
    }
}

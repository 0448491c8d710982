using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Reads the stanzas of IPCPs. Those of a kind are read by the kind; those of a kind that this build does not have are errors.</summary>
/// <param name="errors">Where to put what is wrong.</param>
/// <param name="written">The tree without the defaults of stanzas.</param>
/// <param name="warnings">Where to put what does nothing.</param>
internal sealed class IpcpReader(ConfigErrors errors, HoconObject written, List<string> warnings)
{
    // What HOCON calls the kinds of the reference, in this build or not.
    private static readonly string[] ReferenceKinds = ["local", "eth-llc", "eth-dix", "udp4", "udp6", "unicast", "broadcast"];

    private static readonly string[] CommonKeys = ["bootstrap", "enrol", "autobind", "conn", "reg", "retry", "order"];

    private readonly Dictionary<string, HoconValue> _names = new(StringComparer.Ordinal);

    /// <summary>All of them, in the order in which they are to be made.</summary>
    public IReadOnlyList<IpcpStanza> Read(ConfigSection root)
    {
        var stanzas = new List<IpcpStanza>();
        foreach (var kind in IpcpKinds.All)
        {
            foreach (var (name, stanza) in root.Section(kind.Name).Stanzas()) stanzas.Add(Read(kind, name, stanza));
        }
        foreach (var kind in ReferenceKinds.Where(name => IpcpKinds.All.All(k => k.Name != name) && root.Reader.Has(name))) Refuse(kind, root.Reader.GetValue(kind));
        return [.. stanzas.OrderBy(s => s.Order).ThenBy(s => s.Name, StringComparer.Ordinal)];
    }

    private void Refuse(string kind, HoconValue group)
    {
        var stanzas = group as HoconObject;
        foreach (var name in stanzas?.Keys ?? []) CheckUnique(name, stanzas![HoconPath.Quote(name)]);
        foreach (var stanza in stanzas is { Count: > 0 } ? stanzas.Keys.Select(name => stanzas[HoconPath.Quote(name)]) : [group])
        {
            errors.Add(HoconException.At(stanza, $"this build has no IPCPs of kind {kind}; it has {string.Join(", ", IpcpKinds.All.Select(k => k.Name))}"));
        }
    }

    /// <summary>Two stanzas of one kind and name are one to HOCON; those of two kinds are a mistake.</summary>
    private void CheckUnique(string name, HoconValue stanza)
    {
        if (_names.TryAdd(name, stanza)) return;
        errors.Add(HoconException.At(stanza, $"an IPCP is called {name} already, {_names[name].Path} at {_names[name].Origin}; choose another name"));
    }

    private IpcpStanza Read(IIpcpKind kind, string name, ConfigSection stanza)
    {
        NameReader.CheckName(stanza, name, "the name of an IPCP");
        CheckUnique(name, stanza.Reader.Object);
        var recursive = kind.Type is IpcpType.Unicast or IpcpType.Broadcast;
        var layer = stanza.OptionalName("bootstrap", IpcpActor.MaxNameLength);
        var member = stanza.OptionalName("enrol", IpcpActor.MaxNameLength);
        var connect = stanza.Names("conn", IpcpActor.MaxNameLength);
        if (!recursive && member is not null) stanza.Fail("enrol", $"IPCPs of kind {kind.Name} do not enrol; use bootstrap");
        if (!recursive && connect.Count > 0) stanza.Fail("conn", $"IPCPs of kind {kind.Name} have no connections; remove it");
        var config = ReadConfig(kind, name, stanza, layer, member);
        if (recursive && member is not null) RefuseOptionsOfTheLayer(kind, name, stanza);
        if (layer is not null && member is not null && recursive)
        {
            warnings.Add(stanza.Reader.Error("bootstrap", "is ignored, because enrol is set; remove one of the two").Message);
        }
        return new IpcpStanza(name, kind.Type, stanza.Reader.Path)
        {
            Bootstrap = layer is not null && member is null ? config : null,
            Enrol = member,
            Own = recursive && member is not null ? config : null,
            AutoBind = stanza.Flag("autobind"),
            Connect = connect,
            Register = stanza.Names("reg", IpcpActor.MaxNameLength),
            Retry = stanza.Int("retry", 0, 1000),
            Order = stanza.OptionalInt("order") ?? (!recursive ? 0 : member is null ? 1 : 2),
        };
    }

    /// <summary>The kind's own options. They are checked even where nothing uses them, but may be missing there.</summary>
    private IpcpConfig? ReadConfig(IIpcpKind kind, string name, ConfigSection stanza, string? layer, string? member)
    {
        if (layer is null && member is null && !HasOwnOptions(kind, name))
        {
            stanza.IgnoreRest();
            return null;
        }
        var config = errors.Try(() => kind.ReadConfig(layer ?? name, stanza.Reader));
        if (config is null) stanza.IgnoreRest();
        return config;
    }

    /// <summary>What a member says of the layer that it joins would not be heeded: the layer is as who made it said.</summary>
    private void RefuseOptionsOfTheLayer(IIpcpKind kind, string name, ConfigSection stanza)
    {
        foreach (var key in WrittenOptions(kind, name).Except(kind.OwnOptions))
        {
            stanza.Fail(key, $"is an option of the layer, which comes with the enrolment; set it where the layer is bootstrapped, and remove it here. Options of a member that enrols: {string.Join(", ", kind.OwnOptions.Order(StringComparer.Ordinal))}");
        }
    }

    private bool HasOwnOptions(IIpcpKind kind, string name) => WrittenOptions(kind, name).Any();

    private IEnumerable<string> WrittenOptions(IIpcpKind kind, string name) =>
        written.TryGet(HoconPath.Join([StanzaDefaults.Root, kind.Name, name]), out var value) && value is HoconObject stanza ? stanza.Keys.Except(CommonKeys) : [];
}

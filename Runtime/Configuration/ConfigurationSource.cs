using System.Text;
using Microsoft.Extensions.Configuration;
using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Configuration;

/// <summary>
/// Makes a HOCON document of an <c>IConfiguration</c> section. What the flat pairs of a section cannot say is put back from the reference:
/// the spelling of keys, which differs between providers, and objects and arrays that are empty.
/// </summary>
internal static class ConfigurationSource
{
    private const string Akka = "akka";

    public static HoconDocument ToDocument(IConfiguration section, HoconObject reference)
    {
        var origin = section is IConfigurationSection { Path: var path } ? $"configuration section '{path}'" : "configuration";
        var pairs = new List<KeyValuePair<string, string?>>();
        var empty = new StringBuilder();
        foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true))
        {
            if (key.Length == 0) continue;
            var (names, expected) = Canonical(key.Split(':'), reference);
            var isLeaf = !section.GetSection(key).GetChildren().Any();
            if (!isLeaf && string.IsNullOrEmpty(value)) continue;
            if (isLeaf && string.IsNullOrEmpty(value))
            {
                // An empty array; the reference has it as an empty array too.
                if (expected is HoconArray) continue;
                if (IsStanza(names))
                {
                    empty.Append(HoconPath.Join(names)).Append(" {}\n");
                    continue;
                }
            }
            pairs.Add(new(string.Join(':', names), bool.TryParse(value, out _) && IsFlag(names, expected) ? value?.ToLowerInvariant() : value));
        }
        return HoconDocument.FromPairs(pairs, origin).WithFallback(HoconDocument.LoadString(empty.ToString(), new HoconOptions { SourceName = origin }));
    }

    private static bool IsStanza(List<string> names) =>
        names.Count == 3 && names[0] == StanzaDefaults.Root && (names[1] == "name" || IpcpKinds.All.Any(k => k.Name == names[1]));

    // JSON's true arrives here as "True".
    private static bool IsFlag(List<string> names, HoconValue? expected) =>
        expected is HoconScalar { Kind: HoconValueKind.Boolean } || names[0] == Akka || names[^1] == "auto";

    /// <summary>The path in the document, each known key as the reference spells it, and what the reference has there.</summary>
    private static (List<string> Names, HoconValue? Expected) Canonical(string[] keys, HoconObject reference)
    {
        var names = new List<string>();
        HoconValue? at = reference;
        if (!keys[0].Equals(Akka, StringComparison.OrdinalIgnoreCase)) Step(StanzaDefaults.Root);
        foreach (var key in keys) Step(key);
        return (names, at);

        void Step(string key)
        {
            var name = (at as HoconObject)?.Keys.FirstOrDefault(k => k.Equals(key, StringComparison.OrdinalIgnoreCase)) ?? key;
            names.Add(name);
            at = names is [StanzaDefaults.Root, var group, _] && DefaultsOf(group, reference) is { } defaults ? defaults
                : (at as HoconObject)?.TryGetKey(name, out var below) == true ? below
                : null;
        }
    }

    /// <summary>What the reference says about the keys of a stanza.</summary>
    private static HoconObject? DefaultsOf(string group, HoconObject reference)
    {
        var defaults = reference.GetObject(HoconPath.Join([StanzaDefaults.Root, StanzaDefaults.Key]));
        if (group == "name") return defaults.GetObject(group);
        return IpcpKinds.All.Any(k => k.Name == group) && defaults.TryGetKey(group, out var own)
            ? own.AsObject().WithFallback(defaults.GetObject("ipcp"))
            : null;
    }
}

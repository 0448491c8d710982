using System.Text;
using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Puts <c>ouroboros.defaults</c> under each name and each IPCP of a configuration.</summary>
internal static class StanzaDefaults
{
    public const string Root = "ouroboros";
    public const string Key = "defaults";

    /// <summary>A layer that goes between a document and the reference: each stanza refers to its defaults, so these can be changed too.</summary>
    public static HoconDocument For(HoconObject names)
    {
        var text = new StringBuilder();
        Append(text, names, "name", "${ouroboros.defaults.name}");
        foreach (var kind in IpcpKinds.All)
        {
            var key = HoconPath.Quote(kind.Name);
            Append(text, names, kind.Name, $"${{ouroboros.defaults.ipcp}} ${{?ouroboros.defaults.{key}}}");
        }
        return HoconDocument.LoadString(text.ToString(), new HoconOptions { SourceName = "defaults of stanzas" });
    }

    private static void Append(StringBuilder text, HoconObject names, string group, string defaults)
    {
        if (!names.TryGet(HoconPath.Join([Root, group]), out var found) || found is not HoconObject stanzas) return;
        foreach (var stanza in stanzas.Keys) text.Append(HoconPath.Join([Root, group, stanza])).Append(" = ").Append(defaults).Append('\n');
    }
}

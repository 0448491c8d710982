using System.Globalization;
using System.Text;
using Ouroboros.Layers.Rib;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <content>
/// The directory as the RIB shows it (tools-and-rib.md 9.3). Local values are those of names that are registered here; the reference has the two
/// labels the wrong way round.
/// </content>
public sealed partial class DhtNode
{
    private const int StatsLabel = 44;
    private const int DatabaseLabel = 28;
    private const int TextValue = 10;

    // What a person can read, and a carrier of text carries; the reference's file ends with one read of the kernel.
    private const int MostShown = 4096;

    /// <summary>Parameters and numbers.</summary>
    /// <param name="created">When the node was made.</param>
    internal string StatsText(DateTimeOffset created) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"DHT: {Short(_own.Id)}\n")
        .Append(CultureInfo.InvariantCulture, $"  Created: {RibText.Date(created)}\n")
        .Append(CultureInfo.InvariantCulture, $"  Address: {UnicastAddress.Format(_own.Address)}\n")
        .Append("  Kademlia parameters:\n")
        .Line("     Number of concurrent requests (alpha):", StatsLabel, _options.Alpha, TextValue)
        .Line("     Number of replicas (k):", StatsLabel, _options.K, TextValue)
        .Line("     Expiry time for values (s):", StatsLabel, (long)_options.Expire.TotalSeconds, TextValue)
        .Line("     Refresh time for contacts (s):", StatsLabel, (long)_options.Refresh.TotalSeconds, TextValue)
        .Line("     Replication time for values (s):", StatsLabel, (long)_options.Replicate.TotalSeconds, TextValue)
        .Line("  Number of keys:", StatsLabel, Keys().Count, TextValue)
        .Line("  Number of local values:", StatsLabel, _registrations.Count, TextValue)
        .Line("  Number of non-local values:", StatsLabel, _values.Count, TextValue)
        .ToString();

    /// <summary>Every key with its values, some thousands at most.</summary>
    internal string DatabaseText()
    {
        var keys = Keys();
        if (keys.Count == 0) return "  No entries.\n";
        var text = new StringBuilder("DHT database:\n\n")
            .Line("Number of keys:", DatabaseLabel, keys.Count, TextValue)
            .Line("Number of local values:", DatabaseLabel, _registrations.Count, TextValue)
            .Line("Number of non-local values:", DatabaseLabel, _values.Count, TextValue);
        var kept = _values.All.ToLookup(v => v.Key);
        foreach (var key in keys.Take(MostShown))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nKey: K<{Short(key)}>\n  Local entries:\n");
            if (_registrations.Contains(key)) text.Append(CultureInfo.InvariantCulture, $"    V<{_own.Address:x16}>, registered here\n");
            text.Append("\n  Non-local entries:\n");
            foreach (var value in kept[key])
            {
                var stored = DateTimeOffset.FromUnixTimeSeconds(_unixNow - ((_now - value.StoredAt) / 1000));
                text.Append(CultureInfo.InvariantCulture, $"    V<{value.Address:x16}>, t_replicated={RibText.Date(stored)}, t_exp={RibText.Date(DateTimeOffset.FromUnixTimeSeconds(value.Expiry))}\n");
            }
        }
        if (keys.Count > MostShown) text.Append(CultureInfo.InvariantCulture, $"\n{keys.Count - MostShown} more\n");
        return text.ToString();
    }

    private HashSet<DhtKey> Keys() => [.. _registrations.All.Select(r => r.Key), .. _values.All.Select(v => v.Key)];

    private static string Short(in DhtKey key) => Convert.ToHexStringLower(key.Span[..Math.Min(8, key.Length)]);
}

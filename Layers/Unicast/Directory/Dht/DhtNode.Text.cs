using Ouroboros.Layers.Rib;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <content>
/// The directory as the RIB shows it (tools-and-rib.md 9.3). Local values are those of names that are registered here; the reference has the two
/// labels the wrong way round.
/// </content>
public sealed partial class DhtNode
{
    private const int ValueWidth = 10;

    // What a person can read, and a carrier of text carries; the reference's file ends with one read of the kernel.
    private const int MostShown = 4096;

    /// <summary>Parameters and numbers.</summary>
    /// <param name="created">When the node was made.</param>
    internal string StatsText(DateTimeOffset created) => new RibLines(labelWidth: 44, ValueWidth)
        .AddText($"DHT: {Short(_own.Id)}\n")
        .AddText($"  Created: {RibText.Date(created)}\n")
        .AddText($"  Address: {UnicastAddress.Format(_own.Address)}\n")
        .AddText($"  Kademlia parameters:\n")
        .Add("     Number of concurrent requests (alpha):", _options.Alpha)
        .Add("     Number of replicas (k):", _options.K)
        .Add("     Expiry time for values (s):", (long)_options.Expire.TotalSeconds)
        .Add("     Refresh time for contacts (s):", (long)_options.Refresh.TotalSeconds)
        .Add("     Replication time for values (s):", (long)_options.Replicate.TotalSeconds)
        .Add("  Number of keys:", Keys().Count)
        .Add("  Number of local values:", _registrations.Count)
        .Add("  Number of non-local values:", _values.Count)
        .ToString();

    /// <summary>Every key with its values, some thousands at most.</summary>
    internal string DatabaseText()
    {
        var keys = Keys();
        if (keys.Count == 0) return "  No entries.\n";
        var text = new RibLines(labelWidth: 28, ValueWidth)
            .AddText($"DHT database:\n\n")
            .Add("Number of keys:", keys.Count)
            .Add("Number of local values:", _registrations.Count)
            .Add("Number of non-local values:", _values.Count);
        var kept = _values.All.ToLookup(v => v.Key);
        foreach (var key in keys.Take(MostShown))
        {
            text.AddText($"\nKey: K<{Short(key)}>\n  Local entries:\n");
            if (_registrations.Contains(key)) text.AddText($"    V<{_own.Address:x16}>, registered here\n");
            text.AddText($"\n  Non-local entries:\n");
            foreach (var value in kept[key])
            {
                var stored = DateTimeOffset.FromUnixTimeSeconds(_unixNow - ((_now - value.StoredAt) / 1000));
                text.AddText($"    V<{value.Address:x16}>, t_replicated={RibText.Date(stored)}, t_exp={RibText.Date(DateTimeOffset.FromUnixTimeSeconds(value.Expiry))}\n");
            }
        }
        if (keys.Count > MostShown) text.AddText($"\n{keys.Count - MostShown} more\n");
        return text.ToString();
    }

    private HashSet<DhtKey> Keys() => [.. _registrations.All.Select(r => r.Key), .. _values.All.Select(v => v.Key)];

    private static string Short(in DhtKey key) => Convert.ToHexStringLower(key.Span[..Math.Min(8, key.Length)]);
}

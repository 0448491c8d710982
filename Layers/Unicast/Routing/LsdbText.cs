using System.Globalization;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>The link-state database as the RIB shows it (tools-and-rib.md 9.2). A withdrawn link is none.</summary>
internal static class LsdbText
{
    /// <summary>Neighbours first, then links in the order of the database.</summary>
    public static IReadOnlyList<RoutingProtocol.LsdbFile> Files(LinkStateNode node, long now, DateTimeOffset clock)
    {
        var files = new List<RoutingProtocol.LsdbFile>();
        files.AddRange(node.Neighbours.Select(n => new RoutingProtocol.LsdbFile($".dt {UnicastAddress.Format(n.Peer)}", "", clock)));
        files.AddRange(node.Management.Select(n => n.Peer).Distinct().Select(p => new RoutingProtocol.LsdbFile($".mgmt {UnicastAddress.Format(p)}", "", clock)));
        foreach (var (lsa, age) in node.Links(now))
        {
            if (lsa.Withdrawn) continue;
            var updated = clock - TimeSpan.FromMilliseconds(age);
            files.Add(new RoutingProtocol.LsdbFile($"{UnicastAddress.Format(lsa.Link.Source)}--{UnicastAddress.Format(lsa.Link.Destination)}", Link(lsa, updated), updated));
        }
        return files;
    }

    private static string Link(in Lsa lsa, DateTimeOffset updated) => string.Create(
        CultureInfo.InvariantCulture,
        $"src: {UnicastAddress.Format(lsa.Link.Source),20}\ndst: {UnicastAddress.Format(lsa.Link.Destination),20}\nseqno: {lsa.Sequence,18}\nupd: {updated.UtcDateTime:yyyy-MM-dd HH:mm:ss} (UTC)\n");
}

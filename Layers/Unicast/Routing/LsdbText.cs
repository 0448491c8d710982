using System.Globalization;
using Ouroboros.Layers.Rib;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>The link-state database as the RIB shows it (tools-and-rib.md 9.2). A withdrawn link is none.</summary>
internal static class LsdbText
{
    private const string Between = "--";

    /// <summary>Names of all files: neighbours first, then links in the order of the database.</summary>
    public static IEnumerable<string> Names(LinkStateNode node, long now) =>
        Neighbours(node).Concat(node.Links(now).Where(l => !l.Lsa.Withdrawn).Select(l => NameOf(l.Lsa.Link)));

    /// <summary>All files, in that order.</summary>
    public static IReadOnlyList<RoutingProtocol.LsdbFile> Files(LinkStateNode node, long now, DateTimeOffset clock) =>
    [
        .. Neighbours(node).Select(n => new RoutingProtocol.LsdbFile(n, "", clock)),
        .. node.Links(now).Where(l => !l.Lsa.Withdrawn).Select(l => File(l, clock)),
    ];

    /// <summary>One of them; null when there is none of that name.</summary>
    public static RibFile? Find(LinkStateNode node, string name, long now, DateTimeOffset clock)
    {
        if (TryParse(name, out var link))
        {
            if (node.FindLink(link, now) is not { Lsa.Withdrawn: false } record) return null;
            var file = File(record, clock);
            return new RibFile(file.Text, file.Modified);
        }
        return Neighbours(node).Contains(name) ? new RibFile("", clock) : null;
    }

    private static IEnumerable<string> Neighbours(LinkStateNode node) =>
        node.Neighbours.Select(n => $".dt {UnicastAddress.Format(n.Peer)}")
            .Concat(node.Management.Select(n => n.Peer).Distinct().Select(p => $".mgmt {UnicastAddress.Format(p)}"));

    private static string NameOf(LinkKey link) => $"{UnicastAddress.Format(link.Source)}{Between}{UnicastAddress.Format(link.Destination)}";

    private static bool TryParse(string name, out LinkKey link)
    {
        link = default;
        if (name.Split(Between) is not [var from, var to] || !UnicastAddress.TryParse(from, out var source) || !UnicastAddress.TryParse(to, out var destination)) return false;
        link = new LinkKey(source, destination);
        // A number is an address, too, but not the name of a file.
        return NameOf(link) == name;
    }

    private static RoutingProtocol.LsdbFile File(in LinkRecord record, DateTimeOffset clock)
    {
        var updated = clock - TimeSpan.FromMilliseconds(record.Age);
        return new RoutingProtocol.LsdbFile(NameOf(record.Lsa.Link), Text(record.Lsa, updated), updated);
    }

    private static string Text(in Lsa lsa, DateTimeOffset updated) => string.Create(
        CultureInfo.InvariantCulture,
        $"src: {UnicastAddress.Format(lsa.Link.Source),20}\ndst: {UnicastAddress.Format(lsa.Link.Destination),20}\nseqno: {lsa.Sequence,18}\nupd: {updated.UtcDateTime:yyyy-MM-dd HH:mm:ss} (UTC)\n");
}

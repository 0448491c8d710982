using System.Buffers.Binary;
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
        files.AddRange(node.Neighbours.Select(n => new RoutingProtocol.LsdbFile($".dt {Address(n.Peer)}", "", clock)));
        files.AddRange(node.Management.Select(n => n.Peer).Distinct().Select(p => new RoutingProtocol.LsdbFile($".mgmt {Address(p)}", "", clock)));
        foreach (var (lsa, age) in node.Links(now))
        {
            if (lsa.Withdrawn) continue;
            var updated = clock - TimeSpan.FromMilliseconds(age);
            files.Add(new RoutingProtocol.LsdbFile($"{Address(lsa.Link.Source)}--{Address(lsa.Link.Destination)}", Link(lsa, updated), updated));
        }
        return files;
    }

    private static string Link(in Lsa lsa, DateTimeOffset updated) => string.Create(
        CultureInfo.InvariantCulture,
        $"src: {Address(lsa.Link.Source),20}\ndst: {Address(lsa.Link.Destination),20}\nseqno: {lsa.Sequence,18}\nupd: {updated.UtcDateTime:yyyy-MM-dd HH:mm:ss} (UTC)\n");

    // In the order in which the reference has it in memory, the low byte first.
    private static string Address(ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        return $"{bytes[0]:x2}.{bytes[1]:x2}.{bytes[2]:x2}.{bytes[3]:x2}";
    }
}

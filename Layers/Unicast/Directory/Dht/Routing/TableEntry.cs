namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>The id of somebody as the table keeps it: without its length, since all ids of a table have the same.</summary>
internal readonly struct TableEntry(in DhtKey id)
{
    private readonly byte[]? _id = id.Array;

    /// <summary>The first 8 bytes of the id.</summary>
    public ulong Prefix { get; } = id.Prefix;

    /// <summary>The id, given how long those of the table are.</summary>
    public DhtKey Id(int length) => DhtKey.Of(_id, length, Prefix);

    /// <summary>Whether it is this one.</summary>
    public bool Is(in DhtKey id) => Prefix == id.Prefix && (ReferenceEquals(_id, id.Array) || id.Equals(_id));
}

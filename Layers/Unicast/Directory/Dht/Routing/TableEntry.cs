namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>A contact as the table keeps it: 24 bytes, without the length of the id, since all ids of a table have the same.</summary>
internal readonly struct TableEntry(in DhtContact contact)
{
    private readonly byte[]? _id = contact.Id.Array;

    /// <summary>The first 8 bytes of the id.</summary>
    public ulong Prefix { get; } = contact.Id.Prefix;

    public ulong Address { get; } = contact.Address;

    /// <summary>The id, given how long those of the table are.</summary>
    public DhtKey Id(int length) => DhtKey.Of(_id, length, Prefix);

    public DhtContact Contact(int idLength) => new(Id(idLength), Address);

    /// <summary>Whether it has this id.</summary>
    public bool Is(in DhtKey id) => Prefix == id.Prefix && (ReferenceEquals(_id, id.Array) || id.Equals(_id));
}

using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>A contact: <c>1 id, 2 addr</c>, both required.</summary>
public readonly ref struct ContactMessage
{
    private const int IdField = 1;
    private const int AddressField = 2;

    private ContactMessage(ReadOnlySpan<byte> id, ulong address)
    {
        Id = id;
        Address = address;
    }

    /// <summary>Any number of bytes; what a node accepts is as long as a key.</summary>
    public ReadOnlySpan<byte> Id { get; }

    /// <summary>Address in the layer; 0 is not one.</summary>
    public ulong Address { get; }

    /// <summary>Reads it; false when it is malformed or a required field is missing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out ContactMessage contact)
    {
        contact = default;
        var reader = new ProtoReader(data);
        ReadOnlySpan<byte> id = default;
        ulong address = 0;
        var seen = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var field)) return false;
            var read = field switch
            {
                IdField => reader.TryReadBytes(out id),
                AddressField => reader.TryReadNumber(out address),
                _ => reader.TrySkip(),
            };
            if (!read) return false;
            if (field <= AddressField) seen |= 1 << (int)field;
        }
        if (seen != ((1 << IdField) | (1 << AddressField))) return false;
        contact = new ContactMessage(id, address);
        return true;
    }

    internal static int SizeOf(in DhtContact contact) =>
        ProtoWriter.SizeOfBytes(contact.Id.Length) + ProtoWriter.SizeOfNumber(contact.Address);

    internal static void Write(ref ProtoWriter writer, int field, in DhtContact contact)
    {
        writer.BeginBytes(field, SizeOf(contact));
        writer.WriteBytes(IdField, contact.Id.Span);
        writer.WriteNumber(AddressField, contact.Address);
    }
}

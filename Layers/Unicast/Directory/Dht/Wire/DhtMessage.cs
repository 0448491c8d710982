using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Wire;

/// <summary>
/// A message in the form in which nodes work with it: keys and contacts by reference, values as addresses. Spans belong to whoever made it and
/// are good during the call only. <see cref="Write"/> gives the bytes, in ascending order of fields as the reference writes them.
/// </summary>
public readonly ref struct DhtMessage
{
    private const ulong Mark = 1;

    /// <summary>What it is.</summary>
    public DhtCode Code { get; init; }

    /// <summary>The sender.</summary>
    public DhtContact Source { get; init; }

    /// <summary>What it is about: hash of a name, or a node id.</summary>
    public DhtKey Key { get; init; }

    /// <summary>Of requests and answers.</summary>
    public ulong Cookie { get; init; }

    /// <summary>Of a store: the address.</summary>
    public ulong Value { get; init; }

    /// <summary>Of a store: seconds since 1970; 1 withdraws the value.</summary>
    public uint Expiry { get; init; }

    /// <summary>Of answers.</summary>
    public ReadOnlySpan<DhtContact> Contacts { get; init; }

    /// <summary>Of an answer with values: addresses.</summary>
    public ReadOnlySpan<ulong> Values { get; init; }

    /// <summary>Whether the sender is one of ours.</summary>
    public bool IsMarked { get; init; }

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public int Size =>
        ProtoWriter.SizeOfNumber((ulong)Code)
        + ProtoWriter.SizeOfBytes(ContactMessage.SizeOf(Source))
        + Code switch
        {
            DhtCode.Store => ProtoWriter.SizeOfBytes(StoreMessage.SizeOf(Key.Length, Expiry)),
            DhtCode.FindNodeRequest or DhtCode.FindValueRequest => ProtoWriter.SizeOfBytes(FindMessage.SizeOf(Key.Length, Cookie)),
            DhtCode.FindNodeAnswer => ProtoWriter.SizeOfBytes(NodeMessage.SizeOf(Key.Length, Cookie, Contacts)),
            _ => ProtoWriter.SizeOfBytes(NodeMessage.SizeOf(Key.Length, Cookie, Contacts))
                + ProtoWriter.SizeOfBytes(ValuesMessage.SizeOf(Values.Length)),
        }
        + (IsMarked ? ProtoWriter.SizeOfNumber(Mark) : 0);

    /// <summary>Writes it.</summary>
    /// <param name="to">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> to)
    {
        var writer = new ProtoWriter(to);
        writer.WriteNumber(DhtEnvelope.CodeField, (ulong)Code);
        ContactMessage.Write(ref writer, DhtEnvelope.SourceField, Source);
        switch (Code)
        {
            case DhtCode.Store:
                StoreMessage.Write(ref writer, DhtEnvelope.StoreField, Key.Span, Value, Expiry);
                break;
            case DhtCode.FindNodeRequest or DhtCode.FindValueRequest:
                FindMessage.Write(ref writer, DhtEnvelope.FindField, Key.Span, Cookie);
                break;
            case DhtCode.FindNodeAnswer:
                NodeMessage.Write(ref writer, DhtEnvelope.NodeField, Key.Span, Cookie, Contacts);
                break;
            default:
                NodeMessage.Write(ref writer, DhtEnvelope.NodeField, Key.Span, Cookie, Contacts);
                ValuesMessage.Write(ref writer, DhtEnvelope.ValuesField, Values);
                break;
        }
        if (IsMarked) writer.WriteNumber(DhtEnvelope.MarkField, Mark);
        return writer.Length;
    }
}

namespace Ouroboros.Pool;

/// <summary>
/// Moves packets between trust domains: within one the block itself passes on, between two the payload is copied, and never a byte of
/// head or tail room. Counts per row of the copy table. One per runtime; <see cref="Shared"/> serves those who have none.
/// </summary>
public sealed class PoolTransfer
{
    private readonly Row[] _rows = [.. Enum.GetValues<TransferPath>().Select(_ => new Row())];

    /// <summary>Counts for the whole process.</summary>
    public static PoolTransfer Shared { get; } = new();

    /// <summary>The row of the copy table for two pools.</summary>
    /// <param name="source">Pool of the packet.</param>
    /// <param name="destination">Pool of who is to get it.</param>
    /// <param name="direct">The flow goes from process to process, without an IPCP.</param>
    public static TransferPath PathOf(PacketPool source, PacketPool destination, bool direct = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        if (source.Owner == 0) return destination.Owner == 0 ? TransferPath.GlobalToGlobal : TransferPath.GlobalToUser;
        if (destination.Owner == 0) return TransferPath.UserToGlobal;
        if (source.Owner != destination.Owner) return TransferPath.UserToOtherUser;
        return direct ? TransferPath.UserToSameUserDirect : TransferPath.UserToSameUser;
    }

    /// <summary>Copies that a packet of this row costs.</summary>
    public static int CopiesOf(TransferPath path) => path switch
    {
        TransferPath.GlobalToGlobal or TransferPath.UserToSameUserDirect or TransferPath.UserToSameUser => 0,
        _ => 1,
    };

    /// <summary>Whether two processes of these pools may have a flow without an IPCP: only within one trust domain.</summary>
    public static bool AllowsDirect(PacketPool one, PacketPool other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Owner == other.Owner;
    }

    /// <summary>Moves a packet to a pool; does not wait.</summary>
    /// <param name="packet">The packet. In every case the caller owns it no more; when it is dropped it is disposed.</param>
    /// <param name="destination">Pool of who is to get it.</param>
    /// <param name="moved">The packet in its new pool: the same one where no copy is needed, else one with fresh head and tail room.</param>
    /// <param name="direct">The flow goes from process to process, without an IPCP.</param>
    /// <returns>
    /// <see cref="FlowError.None"/>; <see cref="FlowError.OutOfMemory"/>: no block is free, dropped;
    /// <see cref="FlowError.MessageTooLong"/>: larger than the destination allows, dropped;
    /// <see cref="FlowError.NotPermitted"/>: direct between two trust domains, dropped.
    /// </returns>
    public FlowError Transfer(Packet packet, PacketPool destination, out Packet moved, bool direct = false)
    {
        PacketPool source = packet.Pool;
        TransferPath path = PathOf(source, destination, direct);
        Row row = _rows[(int)path];
        int length = packet.Length;
        moved = default;
        FlowError error = FlowError.None;
        if (direct && CopiesOf(path) != 0) error = FlowError.NotPermitted;
        else if (ReferenceEquals(source, destination)) moved = packet;
        else if (length > destination.MaxLength) error = FlowError.MessageTooLong;
        else if (!destination.TryRent(length, out moved)) error = FlowError.OutOfMemory;
        else packet.Span.CopyTo(moved.Span);
        if (moved != packet) packet.Dispose();
        if (error == FlowError.None)
        {
            Interlocked.Increment(ref row.Packets);
            Interlocked.Add(ref row.Bytes, length);
        }
        else
        {
            Interlocked.Increment(ref row.Dropped);
        }
        return error;
    }

    /// <summary>Counts a packet that somebody else has moved, because he had to keep the source until the destination had taken it.</summary>
    /// <param name="source">Pool that it came from.</param>
    /// <param name="destination">Pool that it is in now.</param>
    /// <param name="length">Payload bytes.</param>
    public void NoteMoved(PacketPool source, PacketPool destination, int length)
    {
        Row row = _rows[(int)PathOf(source, destination)];
        Interlocked.Increment(ref row.Packets);
        Interlocked.Add(ref row.Bytes, length);
    }

    /// <summary>One row.</summary>
    public TransferCount Count(TransferPath path)
    {
        Row row = _rows[(int)path];
        return new TransferCount(
            path, CopiesOf(path), Volatile.Read(ref row.Packets), Volatile.Read(ref row.Bytes), Volatile.Read(ref row.Dropped));
    }

    /// <summary>All rows, in the order of the table.</summary>
    public IReadOnlyList<TransferCount> Counts() => [.. Enum.GetValues<TransferPath>().Select(Count)];

    private sealed class Row
    {
        public long Packets;
        public long Bytes;
        public long Dropped;
    }
}

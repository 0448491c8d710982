using Ouroboros.Layers.Unicast.Directory;

namespace Ouroboros.Layers.Unicast;

/// <summary>Messages of the directory as packets of data transfer.</summary>
internal sealed class DirectoryCarrier(DataTransfer dataTransfer) : IDirectoryCarrier
{
    /// <inheritdoc/>
    public bool Send(ulong address, ReadOnlySpan<byte> message) =>
        address is not 0 and <= uint.MaxValue && address != dataTransfer.Address && dataTransfer.SendMessage(address, IDirectoryCarrier.Eid, message);

    /// <inheritdoc/>
    public bool CanReach(ulong address) => address != dataTransfer.Address && dataTransfer.CanReach(address);

    /// <inheritdoc/>
    public int Members(Span<ulong> into) => dataTransfer.Table.CopyDestinations(into);
}

using Ouroboros.Layers.Devices;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// What a family of frames adds to the shim core: its data header, its management messages and its limits. Stateless and safe from any thread;
/// nothing that it is given may make it throw.
/// </summary>
public interface IShimCodec
{
    /// <summary>Smallest endpoint id that we may choose.</summary>
    uint FirstEid { get; }

    /// <summary>Largest endpoint id that we may choose.</summary>
    uint LastEid { get; }

    /// <summary>Smallest endpoint id that a peer can have.</summary>
    uint FirstPeerEid { get; }

    /// <summary>Largest endpoint id that a peer can have.</summary>
    uint LastPeerEid { get; }

    /// <summary>Flows that the layer can have at once, at most 65,535.</summary>
    int MaxFlows { get; }

    /// <summary>Maximum packet lifetime in the layer.</summary>
    TimeSpan Mpl { get; }

    /// <summary>Whether names are found by query messages. If not, the core asks its shell to resolve them.</summary>
    bool HasNameQueries { get; }

    /// <summary>Whether an accepting reply may come from another address than the one asked (shims-ethernet.md 10.4).</summary>
    bool ReplyMayComeFromElsewhere { get; }

    /// <summary>Bytes of headers in front of a payload, link header included.</summary>
    int HeaderLength { get; }

    /// <summary>Largest payload of a data frame, bytes, on a device with this MTU.</summary>
    int MaxPayload(int mtu);

    /// <summary>Largest management message, bytes, on a device with this MTU.</summary>
    int MaxMessage(int mtu);

    /// <summary>Whom a received frame is from, by its headers.</summary>
    /// <param name="frame">At least <see cref="HeaderLength"/> bytes.</param>
    LinkAddress SourceOf(ReadOnlySpan<byte> frame);

    /// <summary>Reads and takes off the headers of a received frame and its padding; what is left is the payload.</summary>
    /// <returns>false: to be dropped, <see cref="ShimHeader.Drop"/> says why; the packet is still the caller's.</returns>
    bool TryOpen(Packet frame, out ShimHeader header);

    /// <summary>Puts the data header in front of a payload.</summary>
    /// <returns>false, and nothing is changed, when there is no head room for it.</returns>
    bool TrySeal(Packet packet, ShimRoute route);

    /// <summary>Puts the header of a management frame in front of a message.</summary>
    bool TrySealManagement(Packet packet, LinkAddress own, LinkAddress destination);

    /// <summary>Parses a management message.</summary>
    /// <param name="bytes">The message, from the first byte behind the frame's headers.</param>
    /// <param name="message">The message; its spans are parts of <paramref name="bytes"/>.</param>
    /// <param name="drop">Why it is none.</param>
    bool TryParse(ReadOnlySpan<byte> bytes, out ShimMessage message, out ShimDrop drop);

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    int LengthOf(in ShimMessage message);

    /// <summary>Writes a management message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="into">At least <see cref="LengthOf"/> bytes.</param>
    void Write(in ShimMessage message, Span<byte> into);
}

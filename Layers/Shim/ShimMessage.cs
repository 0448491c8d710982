using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Shim;

/// <summary>A management message, whatever family it is of. The spans point into the frame that it was parsed from.</summary>
public ref struct ShimMessage
{
    /// <summary>Which message.</summary>
    public ShimMessageKind Kind { get; set; }

    /// <summary>
    /// Endpoint id at the side that asked for the flow. In a <see cref="ShimMessageKind.Dealloc"/>: at the side that releases.
    /// </summary>
    public uint Requester { get; set; }

    /// <summary>
    /// Endpoint id at the side that was asked; 0 in requests. In a <see cref="ShimMessageKind.Dealloc"/>: at the side that is told.
    /// </summary>
    public uint Responder { get; set; }

    /// <summary>Of a reply: 0 accepts, negative refuses with that error number.</summary>
    public int Response { get; set; }

    /// <summary><see cref="ShimOffer.None"/>, or the offer of one of our nodes.</summary>
    public uint Offer { get; set; }

    /// <summary>Of a request.</summary>
    public QosSpec Qos { get; set; }

    /// <summary>Directory hash of the name: requests, queries and query replies.</summary>
    public ReadOnlySpan<byte> Hash { get; set; }

    /// <summary>The handshake (OAP): requests, and replies that accept.</summary>
    public ReadOnlySpan<byte> Data { get; set; }
}

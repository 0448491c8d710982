using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Shim;

namespace Ouroboros.Tests.Layers.Ethernet;

/// <summary>A management message of a frame, copied out of it.</summary>
internal sealed record CapturedMessage(ShimMessageKind Kind, uint Requester, uint Responder, int Response, uint Offer, QosSpec Qos, NameHash Name, byte[] Data)
{
    /// <summary>The message in a frame without padding; null for data frames.</summary>
    public static CapturedMessage? Parse(IShimCodec codec, byte[] frame)
    {
        var isManagement = codec.HeaderLength == 18 ? frame[14] == 0 && frame[15] == 0 : frame[14] == 0x80;
        if (!isManagement || !codec.TryParse(frame.AsSpan(codec.HeaderLength), out var m, out _)) return null;
        return new CapturedMessage(m.Kind, m.Requester, m.Responder, m.Response, m.Offer, m.Qos, new NameHash(m.Hash), m.Data.ToArray());
    }
}

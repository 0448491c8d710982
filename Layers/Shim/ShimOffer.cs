namespace Ouroboros.Layers.Shim;

/// <summary>
/// What one of our nodes says in a field that the reference sends as 0 and ignores on receipt: the <c>response</c> of requests and queries,
/// the <c>loss</c> of flow replies. A peer that says it back gets replies at once, requests repeated when they are lost, and
/// <see cref="ShimMessageKind.Dealloc"/>. Nothing depends on it being true: it is no more trusted than any other byte.
/// </summary>
public static class ShimOffer
{
    /// <summary>Not one of ours, or too old to say.</summary>
    public const uint None = 0;

    /// <summary>"OrA" and version 1: immediate replies, repeated requests, dealloc.</summary>
    public const uint Version1 = 0x4F724101;

    /// <summary>Whether a field holds an offer that we understand; later versions are to be supersets.</summary>
    public static bool IsOffer(uint field) => (field & 0xFFFFFF00) == (Version1 & 0xFFFFFF00) && (field & 0xFF) != 0;
}

using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Shim;

/// <summary>What a kind of shim layer is made of; see <see cref="ShimIpcp.SetUp"/>.</summary>
/// <param name="Layer">Its name and hash.</param>
/// <param name="Codec">Its frame family.</param>
/// <param name="Settings">Times and limits.</param>
/// <param name="MaxFlows">Flows at once; null: what the family allows.</param>
/// <param name="Open">
/// Opens the device, decorated; called at bootstrap, and again, on whatever thread, whenever the device has failed. The argument says whether it
/// is the first time: then what is missing is an error, later it is waited for.
/// </param>
public sealed record ShimSetup(LayerInfo Layer, IShimCodec Codec, ShimSettings Settings, int? MaxFlows, Func<bool, ILinkDevice> Open)
{
    /// <summary>Whether paths to peers may be narrower than the link, so that they are to be watched.</summary>
    public bool FollowsPaths { get; init; }

    /// <summary>Whether packets that the path does not take in one piece are refused; else the link fragments them.</summary>
    public bool LimitToPath { get; init; }
}

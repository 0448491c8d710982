using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Local;

/// <summary>A local layer has a name and a hash, nothing else.</summary>
/// <param name="Layer">The layer to make.</param>
public sealed record LocalConfig(LayerInfo Layer) : IpcpConfig(Layer)
{
    /// <inheritdoc/>
    public override IpcpType Type => IpcpType.Local;
}

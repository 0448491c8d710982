using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Control;

/// <summary>A local layer.</summary>
/// <param name="Layer">Name of the layer.</param>
public sealed record LocalOptions(string Layer) : LayerOptions(Layer)
{
    /// <inheritdoc/>
    public override IpcpType Type => IpcpType.Local;
}

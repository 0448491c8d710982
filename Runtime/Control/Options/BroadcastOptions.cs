using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Runtime.Control;

/// <summary>A broadcast layer.</summary>
/// <param name="Layer">Name of the layer.</param>
public sealed record BroadcastOptions(string Layer) : LayerOptions(Layer)
{
    /// <inheritdoc/>
    public override IpcpType Type => IpcpType.Broadcast;
}

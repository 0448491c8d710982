namespace Ouroboros.Layers.Flow;

/// <summary>Whoever owns an endpoint and wants to know when it has let go of the layer; kept in <see cref="FlowEndpoint.Owner"/>.</summary>
public interface IFlowOwner
{
    /// <summary>The endpoint was closed and everything that was to get across has, or cannot any more. Called once, on any thread.</summary>
    void OnReleased(FlowEndpoint endpoint);
}

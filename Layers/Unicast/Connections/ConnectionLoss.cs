namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>Why a connection is gone.</summary>
public enum ConnectionLoss
{
    /// <summary>This end was told to disconnect.</summary>
    Disconnected,

    /// <summary>The other end released the flow.</summary>
    PeerReleased,

    /// <summary>The other end has not been heard of in time.</summary>
    PeerDead,

    /// <summary>The layer below failed.</summary>
    LayerFailed,

    /// <summary>The neighbour has newer ones, as many as are kept.</summary>
    Replaced,
}

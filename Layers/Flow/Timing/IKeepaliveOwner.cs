namespace Ouroboros.Layers.Flow.Timing;

/// <summary>Whom a keepalive is kept for.</summary>
internal interface IKeepaliveOwner
{
    /// <summary>Puts the times of what moved since the last call into the record; any thread may send and receive meanwhile.</summary>
    void Note(ref Keepalive record, long now);

    /// <summary>Nothing came for all of the time-out; it is no longer watched.</summary>
    void OnPeerDead();
}

namespace Ouroboros.Layers.Unicast.Wire;

/// <summary>Messages of the flow allocator.</summary>
public enum FlowAllocatorCode
{
    /// <summary>Asks for a flow.</summary>
    Request = 0,

    /// <summary>Accepts or refuses one.</summary>
    Reply = 1,

    /// <summary>Tells the sender of a flow of congestion.</summary>
    Update = 2,

    /// <summary>
    /// Says that the sender has released a flow, or withdraws a request. Ours, only for peers that made the offer
    /// (<see cref="FlowAllocatorMessage.OfferVersion1"/>): the reference knows no such message and does not give back the memory of what it does not know (D9).
    /// </summary>
    Release = 0x4F,
}

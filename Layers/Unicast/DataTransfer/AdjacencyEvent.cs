using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>Something has happened to the flow of an adjacency.</summary>
/// <param name="Adjacency">Its number.</param>
/// <param name="Peer">Address of the neighbour.</param>
/// <param name="Events"><see cref="FlowEventType.Down"/>, <see cref="FlowEventType.Up"/>, <see cref="FlowEventType.Dealloc"/>, <see cref="FlowEventType.Peer"/>.</param>
public readonly record struct AdjacencyEvent(int Adjacency, ulong Peer, FlowEventType Events);

using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast;

/// <summary>Packets that data transfer dropped, by reason.</summary>
public sealed class DataTransferCounters : ReasonCounters<DataTransferDrop>;

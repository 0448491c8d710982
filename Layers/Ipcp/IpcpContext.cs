using Akka.Actor;
using Ouroboros.Layers.Rib;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Ipcp;

/// <summary>What an IPCP is given when it is made.</summary>
/// <param name="Id">Its number in the runtime, shown where the reference shows a pid.</param>
/// <param name="Name">Its name, unique in the runtime.</param>
/// <param name="Irmd">Whom it reports to.</param>
/// <param name="Time">The clock of everything it does.</param>
/// <param name="Pool">The pool of the IPCPs' trust domain.</param>
/// <param name="Seed">Seed of its random source.</param>
public sealed record IpcpContext(int Id, string Name, IActorRef Irmd, TimeProvider Time, PacketPool Pool, int Seed)
{
    /// <summary>What it remembers when its actor is restarted or made again.</summary>
    public IpcpMemory Memory { get; init; } = new();

    /// <summary>Its flows in the layers below.</summary>
    public ILowerFlows Lower { get; init; } = NoLowerFlows.Instance;

    /// <summary>What the RIB shows of it; parts of the IPCP hang their components in.</summary>
    public RibMount Rib { get; init; } = new();

    /// <summary>Name of its kind, e.g. <c>eth-dix</c>.</summary>
    public string Kind { get; init; } = "";
}

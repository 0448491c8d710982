using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>What a node is connected to. Called while the node works: an implementation must not call the node back.</summary>
public interface IDhtOutput
{
    /// <summary>Sends a message; the spans in it are good during the call only.</summary>
    /// <returns>false when there is no way to the address.</returns>
    bool Send(ulong address, in DhtMessage message);

    /// <summary>Whether there is a way to the address, as far as is known.</summary>
    bool CanReach(ulong address);

    /// <summary>Addresses of members that routing knows of, to find the directory again when every contact is lost.</summary>
    /// <returns>How many were written.</returns>
    int Members(Span<ulong> into);

    /// <summary>A query is done.</summary>
    void Complete(in DhtQueryResult result);
}

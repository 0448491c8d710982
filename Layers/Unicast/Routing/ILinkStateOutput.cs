using Ouroboros.Layers.Unicast.Forwarding;

namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>What link-state routing is connected to. Called while the core works: an implementation must not call it back.</summary>
public interface ILinkStateOutput
{
    /// <summary>Sends a message on a management flow; the span is good during the call only.</summary>
    /// <returns>false when there is no room now: it is tried again.</returns>
    bool Send(int flow, ReadOnlySpan<byte> message);

    /// <summary>
    /// The routes of this member from now on, all of them. They and their lists of next hops may be read until the next call has returned; then their
    /// memory is used again.
    /// </summary>
    void Install(IReadOnlyList<Route> routes);

    /// <summary>A member that could be reached no longer can.</summary>
    void AddressLost(ulong address);

    /// <summary>Members can be reached that could not before; the list is the callee's.</summary>
    /// <param name="addresses">Theirs.</param>
    /// <param name="members">Members that can be reached in all.</param>
    void AddressesGained(IReadOnlyList<ulong> addresses, int members);
}

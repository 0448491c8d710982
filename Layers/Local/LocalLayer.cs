using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Local;

/// <summary>
/// The state of a local layer: its names, the requests that wait for an answer, and which flow is joined to which. A sans-I/O core: it owns
/// no endpoint, only joins two and forgets both directions when either goes.
/// </summary>
public sealed class LocalLayer
{
    // Numbers are never used again, not even after a restart: an answer that comes late must not meet a new request.
    private static long s_lastRequest;

    private readonly HashSet<NameHash> _names = [];
    private readonly Dictionary<long, Pending> _pending = [];
    private readonly Dictionary<int, int> _partner = [];

    /// <summary>Names that it answers for.</summary>
    public int NameCount => _names.Count;

    /// <summary>Ends of joined flows.</summary>
    public int FlowCount => _partner.Count;

    /// <summary>Requests without an answer yet.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Adds a name; false when it was there.</summary>
    public bool Register(NameHash hash) => _names.Add(hash);

    /// <summary>Removes a name; false when it was not there.</summary>
    public bool Unregister(NameHash hash) => _names.Remove(hash);

    /// <summary>Whether it answers for the name.</summary>
    public bool Knows(NameHash hash) => _names.Contains(hash);

    /// <summary>Notes a request of <paramref name="flowId"/>.</summary>
    /// <returns>Its number, to be given with the answer.</returns>
    public long Open(int flowId, FlowEndpoint endpoint, IActorRef flow)
    {
        var request = Interlocked.Increment(ref s_lastRequest);
        _pending[request] = new Pending(flowId, endpoint, flow);
        return request;
    }

    /// <summary>Takes the request out; null when it was given up or never made.</summary>
    public Pending? Take(long request) => _pending.Remove(request, out var pending) ? pending : null;

    /// <summary>Joins two flows, packets run between them from now on.</summary>
    public void Join(int a, FlowEndpoint endpointA, int b, FlowEndpoint endpointB)
    {
        // A number that is used again must never lead to its former partner.
        Release(a);
        Release(b);
        _partner[a] = b;
        _partner[b] = a;
        EndpointLink.Connect(endpointA, endpointB);
    }

    /// <summary>Forgets a flow: its request and both directions of its pair.</summary>
    /// <returns>false when it was not known.</returns>
    public bool Release(int flowId)
    {
        foreach (var (request, pending) in _pending)
        {
            if (pending.FlowId != flowId) continue;
            _pending.Remove(request);
            return true;
        }
        if (!_partner.Remove(flowId, out var other)) return false;
        if (_partner.TryGetValue(other, out var back) && back == flowId) _partner.Remove(other);
        return true;
    }

    /// <summary>A request that waits for its answer.</summary>
    /// <param name="FlowId">The asking flow.</param>
    /// <param name="Endpoint">Its endpoint.</param>
    /// <param name="Flow">Its actor.</param>
    public sealed record Pending(int FlowId, FlowEndpoint Endpoint, IActorRef Flow);
}

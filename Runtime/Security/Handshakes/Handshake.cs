using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>
/// What a flow and the saga of its handshake share. It owns the result from when the saga has it until the flow takes it; whoever of the two is
/// left over when the other ends finds it closed, so that no key outlives a handshake that nobody waits for.
/// </summary>
/// <param name="kind">Which part.</param>
/// <param name="name">The name that the flow goes to.</param>
/// <param name="flow">Actor of the flow, who is told.</param>
/// <param name="deadline">When it has to be done.</param>
internal sealed class Handshake(HandshakeKind kind, NameInfo name, IActorRef flow, Deadline deadline)
{
    private readonly Lock _lock = new();
    private FlowProtection? _own;
    private FlowProtection? _peer;
    private IClientHandshake? _begun;
    private volatile bool _closed;
    private volatile IActorRef _saga = ActorRefs.Nobody;

    public HandshakeKind Kind => kind;

    public NameInfo Name => name;

    public IActorRef Flow => flow;

    public Deadline Deadline => deadline;

    /// <summary>Server: the request. Client that has begun already: the answer.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Client: the bytes for the server, once they are there.</summary>
    public ReadOnlyMemory<byte> Request { get; set; }

    /// <summary>Client: whether the flow can turn out to be encrypted.</summary>
    public bool MayEncrypt { get; set; }

    /// <summary>Whether the flow does not want it any more.</summary>
    public bool IsClosed => _closed;

    /// <summary>The saga, once there is one. Whoever sets it looks at <see cref="IsClosed"/> afterwards.</summary>
    public IActorRef Saga
    {
        get => _saga;
        set
        {
            _saga = value;
            Interlocked.MemoryBarrier();
        }
    }

    /// <summary>The client's half, if the flow has begun it itself; the caller owns it.</summary>
    public IClientHandshake? TakeBegun() => Interlocked.Exchange(ref _begun, null);

    /// <summary>Passes on a client's half that has begun.</summary>
    public void Pass(IClientHandshake begun) => _begun = begun;

    /// <summary>The saga hands over what came out; disposed at once if nobody wants it.</summary>
    /// <param name="own">Of the flow's own end.</param>
    /// <param name="peer">Of the other end of a direct flow.</param>
    public void Deliver(FlowProtection own, FlowProtection? peer = null)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                (_own, _peer) = (own, peer);
                return;
            }
        }
        own.Dispose();
        peer?.Dispose();
    }

    /// <summary>Takes the result; the caller owns it.</summary>
    public (FlowProtection Own, FlowProtection? Peer) Take()
    {
        lock (_lock)
        {
            var result = (_own ?? throw new InvalidOperationException("the handshake has no result"), _peer);
            (_own, _peer) = (null, null);
            return result;
        }
    }

    /// <summary>The flow is done with it, whatever state it is in: the saga stops, keys are wiped.</summary>
    public void Close()
    {
        FlowProtection? own, peer;
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            (own, peer) = (_own, _peer);
            (_own, _peer) = (null, null);
        }
        own?.Dispose();
        peer?.Dispose();
        TakeBegun()?.Dispose();
        Interlocked.MemoryBarrier();
        _saga.Tell(OapProtocol.Cancel.Instance, ActorRefs.NoSender);
    }
}

using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Wire;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>A member, and what its flow allocator had done by others.</summary>
internal sealed class UnicastNode : IFlowAllocatorOutput
{
    private readonly UnicastNetwork _network;

    public UnicastNode(UnicastNetwork network, ulong address, FlowAllocatorSettings settings, DataTransferConfig config)
    {
        _network = network;
        DataTransfer = new DataTransfer(address, config, network.Pool, network.Time);
        State = new FlowAllocatorState(DataTransfer);
        Core = new FlowAllocatorCore(DataTransfer, DirectoryHash.Sha3_256, settings, State, this, new Random((int)address));
    }

    public ulong Address => DataTransfer.Address;

    public DataTransfer DataTransfer { get; }

    public FlowAllocatorState State { get; }

    public FlowAllocatorCore Core { get; }

    public List<(UnicastFlow Flow, byte[] Data)> Opened { get; } = [];

    public List<(int FlowId, FlowError Error)> Refused { get; } = [];

    public List<(long Number, NameHash Hash, QosSpec Qos, byte[] Data)> Requests { get; } = [];

    public List<int> Released { get; } = [];

    public List<UnicastFlow> PeerReleased { get; } = [];

    public List<ulong> Forgotten { get; } = [];

    public List<(ulong To, byte[] Message)> Sent { get; } = [];

    /// <summary>Decides which messages get lost on their way: true = lost.</summary>
    public Func<ulong, byte[], bool> Lose { get; set; } = (_, _) => false;

    /// <summary>Answers of the directory; null = none comes.</summary>
    public ulong[]? Addresses { get; set; } = [];

    /// <summary>Answers a request that arrived; null = none comes.</summary>
    public Func<long, FlowEndpoint?>? Accept { get; set; }

    private readonly Queue<Action> _later = new();

    public long Dropped(FlowAllocatorDrop reason) => State.Counters[reason];

    public static FlowAllocatorCode CodeOf(byte[] message) => FlowAllocatorMessage.CodeOf(message);

    public bool Send(ulong address, ReadOnlySpan<byte> message)
    {
        var bytes = message.ToArray();
        if (!DataTransfer.CanReach(address)) return false;
        Sent.Add((address, bytes));
        return Lose(address, bytes) || DataTransfer.SendMessage(address, FlowAllocatorCore.Eid, message);
    }

    public void Resolve(NameHash hash)
    {
        if (Addresses is { } addresses) _later.Enqueue(() => Core.OnResolved(hash, addresses, addresses.Length == 0 ? FlowError.NameUnknown : FlowError.None, _network.Now));
    }

    public void Forget(NameHash hash, ulong address) => Forgotten.Add(address);

    void IFlowAllocatorOutput.Opened(UnicastFlow flow, ReadOnlyMemory<byte> data) => Opened.Add((flow, data.ToArray()));

    void IFlowAllocatorOutput.Refused(int flowId, FlowError error, object? token) => Refused.Add((flowId, error));

    public void RequestArrived(long request, NameHash hash, QosSpec qos, ReadOnlyMemory<byte> data)
    {
        Requests.Add((request, hash, qos, data.ToArray()));
        if (Accept?.Invoke(request) is { } endpoint) _later.Enqueue(() => Core.Respond(request, FlowError.None, 1000 + Requests.Count, endpoint, data.Span, null, _network.Now));
    }

    void IFlowAllocatorOutput.Released(int flowId, object? token) => Released.Add(flowId);

    void IFlowAllocatorOutput.PeerReleased(UnicastFlow flow)
    {
        PeerReleased.Add(flow);
        flow.Endpoint.OnPeerClosed();
    }

    /// <summary>A message as if it had come through data transfer.</summary>
    public void Inject(byte[] message)
    {
        var packet = _network.Pool.Rent(message.Length);
        message.CopyTo(packet.Span);
        State.Inbox.OnMessage(packet);
    }

    /// <summary>Does one thing that waits; false when there is none.</summary>
    public bool Work()
    {
        if (_later.TryDequeue(out var action))
        {
            action();
            return true;
        }
        if (!State.Inbox.TryTake(out var message)) return false;
        Core.Receive(message.Span, _network.Now);
        message.Dispose();
        return true;
    }

    public void Close()
    {
        Core.Shutdown(_network.Now);
        DataTransfer.Close();
        State.Close();
    }
}

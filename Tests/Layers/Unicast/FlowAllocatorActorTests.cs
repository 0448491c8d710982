using System.Collections.Concurrent;
using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>Two flow allocator actors, each with a parent that stands for its IPCP, the directory and the IRMd.</summary>
public sealed class FlowAllocatorActorTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly NameHash s_name = NameHash.Of(DirectoryHash.Sha3_256, "oping");

    private readonly ConcurrentBag<FlowEndpoint> _ends = [];
    private readonly DataTransfer[] _dataTransfers = new DataTransfer[3];
    private readonly FlowAllocatorState[] _states = new FlowAllocatorState[3];
    private readonly IActorRef[] _ipcps = new IActorRef[3];
    private PacketPool _pool = null!;
    private ActorSystem _system = null!;

    [SetUp]
    public void Start()
    {
        _ends.Clear();
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _system = ActorSystem.Create("allocation");
        for (var i = 1; i <= 2; i++)
        {
            _dataTransfers[i] = new DataTransfer((ulong)i, new DataTransferConfig(), _pool, TimeProvider.System);
            _states[i] = new FlowAllocatorState(_dataTransfers[i]);
            var (dataTransfer, state) = (_dataTransfers[i], _states[i]);
            _ipcps[i] = _system.ActorOf(ActorFactory.Props(() => new Ipcp(dataTransfer, state, End)), $"ipcp-{i}");
        }
        var (a, b) = (End(), End());
        EndpointLink.Connect(a, b);
        _dataTransfers[1].AddAdjacency(a, 2, QosCube.BestEffort);
        _dataTransfers[2].AddAdjacency(b, 1, QosCube.BestEffort);
        _dataTransfers[1].Install([new Route(2, [2])]);
        _dataTransfers[2].Install([new Route(1, [1])]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _system.Terminate();
        for (var i = 1; i <= 2; i++)
        {
            _dataTransfers[i].Close();
            _states[i].Close();
        }
        foreach (var end in _ends) end.Close();
        Assert.That(_pool.Outstanding, Is.Zero);
        _pool.Dispose();
    }

    [Test]
    public async Task A_flow_is_allocated_used_and_released()
    {
        var end = await AllocateAsync(1);
        await end.WriteAsync("hello"u8.ToArray());
        var other = Accepted(0);
        var buffer = new byte[16];
        Assert.That(await other.ReadAsync(buffer), Is.EqualTo(5));
        var gone = await _ipcps[1].Ask<IpcpProtocol.FlowDeallocated>(new IpcpProtocol.DeallocateFlow(1, TimeSpan.Zero), s_limit);
        Assert.That(gone.FlowId, Is.EqualTo(1));
        var error = Assert.ThrowsAsync<FlowException>(async () => await other.ReadAsync(buffer));
        Assert.That(error!.Error, Is.EqualTo(FlowError.FlowDown), "the peer is ours and was told");
    }

    [Test]
    public async Task Killed_its_flows_are_down_data_transfer_goes_on_and_new_flows_come()
    {
        var end = await AllocateAsync(1);
        var other = Accepted(0);
        end.ReadTimeout = s_limit;
        var reading = end.ReadAsync(new byte[16]).AsTask();
        _ipcps[1].Tell(Kill.Instance.ToString());
        var error = Assert.ThrowsAsync<FlowException>(async () => await reading);
        Assert.That(error!.Error, Is.EqualTo(FlowError.FlowDown));
        Assert.That(_dataTransfers[1].CanReach(2), Is.True);
        Assert.ThrowsAsync<FlowException>(async () => await other.ReadAsync(new byte[16]));
        var next = await AllocateAsync(2);
        await next.WriteAsync("again"u8.ToArray());
        var buffer = new byte[16];
        Assert.That(await Accepted(1).ReadAsync(buffer), Is.EqualTo(5));
        // What the IRMd still wants of the flow that is gone.
        await _ipcps[1].Ask<IpcpProtocol.FlowDeallocated>(new IpcpProtocol.DeallocateFlow(1, TimeSpan.Zero), s_limit);
    }

    [Test]
    public async Task It_says_how_it_is()
    {
        await AllocateAsync(1);
        var description = await _ipcps[1].Ask<FlowAllocatorProtocol.Description>(FlowAllocatorProtocol.Describe.Instance, s_limit);
        Assert.That(description.Values.Single(v => v.Key == "flows").Value, Is.EqualTo(1));
        Assert.That(description.Flows.Single().RemoteAddress, Is.EqualTo(2));
    }

    private async Task<FlowEndpoint> AllocateAsync(int id)
    {
        var end = End();
        end.ReadTimeout = s_limit;
        var reply = await _ipcps[1].Ask<IpcpProtocol.FlowReply>(new IpcpProtocol.AllocateFlow(id, end, QosSpec.Raw, s_name, UnicastNetwork.Handshake(id)), s_limit);
        Assert.That((reply.FlowId, reply.Response), Is.EqualTo((id, FlowError.None)));
        Assert.That(reply.Data.ToArray(), Is.EqualTo(UnicastNetwork.Handshake(id)));
        return end;
    }

    /// <summary>The end of an accepted flow, by the order in which they were accepted.</summary>
    private FlowEndpoint Accepted(int index) => _ends.Single(e => e.Owner is int n && n == index);

    private FlowEndpoint End()
    {
        var end = new FlowEndpoint(_pool, TimeProvider.System) { ReadTimeout = s_limit };
        _ends.Add(end);
        return end;
    }

    private sealed class Ipcp(DataTransfer dataTransfer, FlowAllocatorState state, Func<FlowEndpoint> end) : UntypedActor
    {
        private IActorRef _fa = null!;
        private int _accepted;

        protected override void PreStart() => _fa = Context.ActorOf(FlowAllocatorActor.Props(new FlowAllocatorContext(
            1, new LayerInfo("layer", DirectoryHash.Sha3_256), dataTransfer, state, Self, TimeProvider.System, UnforeseeableRandom.Instance)), "fa");

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case DirectoryProtocol.Query m:
                    Sender.Tell(new DirectoryProtocol.QueryAnswer(m.Hash, [3 - dataTransfer.Address], FlowError.None), Self);
                    break;
                case IpcpProtocol.FlowRequestArrived m:
                    var accepting = end();
                    accepting.Owner = _accepted++;
                    _fa.Tell(new IpcpProtocol.RespondFlow(m.Request, 100 + _accepted, accepting, FlowError.None, m.Data, ActorRefs.Nobody), Self);
                    break;
                case string:
                    _fa.Tell(Kill.Instance);
                    break;
                case IpcpProtocol.AllocateFlow or IpcpProtocol.DeallocateFlow or FlowAllocatorProtocol.Describe:
                    _fa.Forward(message);
                    break;
            }
        }
    }
}

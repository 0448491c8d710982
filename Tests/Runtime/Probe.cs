using System.Collections.Concurrent;
using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;

namespace Ouroboros.Tests.Runtime;

/// <summary>
/// A kind of IPCP that does what the test says: it notes what it is told and answers nothing by itself, except bootstrap, registration and
/// what the test sets.
/// </summary>
internal sealed class Probe : IIpcpKind, IDisposable
{
    private readonly ConcurrentQueue<(object Message, IActorRef Sender)> _inbox = new();
    private volatile IActorRef _actor = ActorRefs.Nobody;
    private volatile bool _failAtStart;

    private Probe(IpcpType type) => Type = type;

    public IpcpType Type { get; }

    public string Name => "probe";

    /// <summary>Number in the runtime.</summary>
    public int Id { get; private set; }

    public IActorRef Actor => _actor;

    /// <summary>Its flows in the layers below.</summary>
    public ILowerFlows Lower { get; private set; } = null!;

    /// <summary>What it says about every name; null = nothing, ever.</summary>
    public bool? Knows { get; set; }

    /// <summary>Thrown at the next message for which this is true.</summary>
    public Func<object, bool> Throws { get; set; } = _ => false;

    /// <summary>Commands for which this is true are left without an answer.</summary>
    public Func<object, bool> Ignores { get; set; } = _ => false;

    public bool FailAtStart
    {
        get => _failAtStart;
        set => _failAtStart = value;
    }

    public int Starts { get; private set; }

    public static Probe Install(IpcpType type)
    {
        var probe = new Probe(type);
        IpcpKinds.Added.Insert(0, probe);
        return probe;
    }

    public void Dispose() => IpcpKinds.Added.Remove(this);

    public Props CreateProps(IpcpContext context)
    {
        Id = context.Id;
        Lower = context.Lower;
        return ActorFactory.Props(() => new ProbeIpcp(context, this));
    }

    public IpcpConfig ReadConfig(string layer, HoconReader options) => throw new NotSupportedException();

    public ProbeConfig Config(string layer = "P") => new(new LayerInfo(layer, DirectoryHash.Sha3_256), Type);

    /// <summary>The next message of a kind and who sent it; waits for it, drops others.</summary>
    public async Task<(T Message, IActorRef Sender)> Next<T>()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            while (_inbox.TryDequeue(out var entry))
            {
                if (entry.Message is T found) return (found, entry.Sender);
            }
            Assert.That(patience.IsCancellationRequested, Is.False, $"the IPCP was never sent {typeof(T).Name}");
            await Task.Yield();
        }
    }

    public void Forget() => _inbox.Clear();

    /// <summary>All messages of a kind so far and who sent them; drops others.</summary>
    public IReadOnlyList<(T Message, IActorRef Sender)> Take<T>()
    {
        var taken = new List<(T, IActorRef)>();
        while (_inbox.TryDequeue(out var entry))
        {
            if (entry.Message is T found) taken.Add((found, entry.Sender));
        }
        return taken;
    }

    public bool Has<T>() => _inbox.Any(entry => entry.Message is T);

    internal sealed record ProbeConfig(LayerInfo Layer, IpcpType OfType) : IpcpConfig(Layer)
    {
        public override IpcpType Type => OfType;
    }

    private sealed class ProbeIpcp(IpcpContext context, Probe probe) : IpcpActor(context)
    {
        protected override void PreStart()
        {
            if (probe.FailAtStart) throw new InvalidOperationException("told to fail at start");
            probe._actor = Self;
            probe.Starts++;
            base.PreStart();
        }

        protected override void OnReceive(object message)
        {
            probe._inbox.Enqueue((message, Sender));
            if (probe.Throws(message)) throw new InvalidOperationException("told to fail");
            if (!probe.Ignores(message)) base.OnReceive(message);
        }

        protected override LayerInfo OnBootstrap(IpcpConfig config) => config.Layer;

        protected override FlowError OnRegister(NameHash hash) => FlowError.None;

        protected override FlowError OnUnregister(NameHash hash) => FlowError.None;

        protected override void OnQuery(IpcpProtocol.Query message)
        {
            if (probe.Knows is { } knows) Sender.Tell(new IpcpProtocol.QueryAnswer(Ipcp.Id, knows), Self);
        }

        protected override void OnAllocateFlow(IpcpProtocol.AllocateFlow message)
        {
        }

        protected override void OnJoinFlow(IpcpProtocol.JoinFlow message)
        {
        }

        protected override void OnRespondFlow(IpcpProtocol.RespondFlow message)
        {
        }

        protected override void OnDeallocateFlow(IpcpProtocol.DeallocateFlow message)
        {
        }

        protected override void OnConnect(IpcpProtocol.Connect message) => Answer(message, FlowError.None);

        protected override void OnDisconnect(IpcpProtocol.Disconnect message) => Answer(message, FlowError.None);

        protected override void OnEnroll(IpcpProtocol.Enroll message)
        {
        }
    }
}

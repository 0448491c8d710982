using Akka.Actor;

namespace Ouroboros.Tests.Engine;

/// <summary>An actor whose behaviour and hooks are functions of the test.</summary>
public sealed class Scripted : UntypedActor
{
    private readonly Action<IActorContext, object> _onMessage;
    private readonly Hooks _hooks;

    public Scripted(Action<IActorContext, object> onMessage, Hooks hooks)
    {
        _onMessage = onMessage;
        _hooks = hooks;
        hooks.OnConstruct?.Invoke(Context);
    }

    public static Props Props(Action<IActorContext, object> onMessage, Hooks? hooks = null) =>
        Akka.Actor.Props.CreateBy(new Producer(onMessage, hooks ?? new Hooks()));

    protected override void OnReceive(object message) => _onMessage(Context, message);

    protected override void PreStart() => _hooks.PreStart?.Invoke(Context);

    protected override void PostStop() => _hooks.PostStop?.Invoke(Context);

    protected override void PreRestart(Exception reason, object message)
    {
        _hooks.PreRestart?.Invoke(Context, reason, message);
        if (_hooks.CallBase) base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _hooks.PostRestart?.Invoke(Context, reason);
        if (_hooks.CallBase) base.PostRestart(reason);
    }

    protected override SupervisorStrategy SupervisorStrategy() => _hooks.Strategy ?? base.SupervisorStrategy();

    /// <summary>What the hooks do besides what they do by default.</summary>
    public sealed record Hooks
    {
        public Action<IActorContext>? OnConstruct { get; init; }

        public Action<IActorContext>? PreStart { get; init; }

        public Action<IActorContext>? PostStop { get; init; }

        public Action<IActorContext, Exception, object?>? PreRestart { get; init; }

        public Action<IActorContext, Exception>? PostRestart { get; init; }

        public SupervisorStrategy? Strategy { get; init; }

        public bool CallBase { get; init; } = true;
    }

    private sealed class Producer(Action<IActorContext, object> onMessage, Hooks hooks) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Scripted);

        public ActorBase Produce() => new Scripted(onMessage, hooks);

        public void Release(ActorBase actor)
        {
        }
    }
}

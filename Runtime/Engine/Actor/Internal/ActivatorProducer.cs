using System.Reflection;

namespace Akka.Actor.Internal;

/// <summary>Makes actors with the constructor that fits the arguments.</summary>
internal sealed class ActivatorProducer : IIndirectActorProducer
{
    private readonly object?[] _arguments;
    private readonly ConstructorInvoker? _constructor;

    public ActivatorProducer(Type actorType, object?[] arguments, ConstructorInfo? constructor = null)
    {
        ActorType = actorType;
        _arguments = arguments;
        if (constructor is not null) _constructor = ConstructorInvoker.Create(constructor);
    }

    public Type ActorType { get; }

    public ActorBase Produce()
    {
        if (_constructor is not null) return (ActorBase)_constructor.Invoke(_arguments.AsSpan());
        return (ActorBase)(_arguments.Length == 0 ? Activator.CreateInstance(ActorType)!
            : Activator.CreateInstance(ActorType, _arguments)!);
    }

    public void Release(ActorBase actor)
    {
    }
}

using System.Linq.Expressions;
using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// The recipe of an actor: how its instances are made, what runs it, how it supervises. Immutable; share it between actors.
/// </summary>
public class Props
{
    private readonly IIndirectActorProducer _producer;

    internal Props(IIndirectActorProducer producer, object?[] arguments, string? dispatcher = null, SupervisorStrategy? strategy = null)
    {
        _producer = producer;
        Arguments = arguments!;
        DispatcherId = dispatcher;
        SupervisorStrategy = strategy;
    }

    /// <summary>The recipe of an actor that ignores every message.</summary>
    public static Props Empty => NewActor<EmptyActor>.Props;

    /// <summary>Type of the actor.</summary>
    public Type Type => _producer.ActorType;

    /// <summary>Arguments of its constructor.</summary>
    public object[] Arguments { get; }

    /// <summary>Id of its dispatcher.</summary>
    public string Dispatcher => DispatcherId ?? Dispatchers.DefaultDispatcherId;

    /// <summary>Its strategy when it does not override <c>SupervisorStrategy()</c> to be used, or null.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; }

    internal string? DispatcherId { get; }

    /// <summary>The recipe of a type, with constructor arguments.</summary>
    /// <typeparam name="TActor">The type.</typeparam>
    /// <param name="args">The arguments, for the constructor that fits them.</param>
    public static Props Create<TActor>(params object[] args) where TActor : ActorBase =>
        args is null or { Length: 0 } ? NewActor<TActor>.Props : new Props(new ActivatorProducer(typeof(TActor), args), args);

    /// <summary>The recipe of a type, with a strategy.</summary>
    /// <typeparam name="TActor">The type.</typeparam>
    /// <param name="supervisorStrategy">How it supervises its children.</param>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        NewActor<TActor>.Props.WithSupervisorStrategy(supervisorStrategy);

    /// <summary>The recipe of <c>() => new T(...)</c>; the arguments are evaluated once, now.</summary>
    /// <typeparam name="TActor">The type.</typeparam>
    /// <param name="factory">The expression.</param>
    /// <param name="supervisorStrategy">How it supervises its children, or null.</param>
    /// <exception cref="InvalidCastException">The expression is not a constructor call.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory,
        SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        if (factory.Body is UnaryExpression) return new Props(new DynamicProducer<TActor>(factory.Compile()), []);
        if (factory.Body is not NewExpression { Constructor: { } constructor } creation)
            throw new InvalidCastException($"The create function must be a 'new T (args)' expression; it is {factory}");
        var arguments = ExpressionArguments.Evaluate(creation);
        return new Props(new ActivatorProducer(typeof(TActor), arguments, constructor), arguments, null, supervisorStrategy);
    }

    /// <summary>The recipe of a type, with constructor arguments.</summary>
    /// <param name="type">The type.</param>
    /// <param name="args">The arguments, for the constructor that fits them.</param>
    /// <exception cref="ArgumentException">It is not a type of actor.</exception>
    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (typeof(IIndirectActorProducer).IsAssignableFrom(type))
            return new Props((IIndirectActorProducer)Activator.CreateInstance(type, args)!, args);
        if (!typeof(ActorBase).IsAssignableFrom(type))
            throw new ArgumentException($"Unknown actor producer [{type.FullName}]", nameof(type));
        return new Props(new ActivatorProducer(type, args), args);
    }

    /// <summary>The recipe that makes actors with a producer: the fastest way, and the one for factories.</summary>
    /// <param name="producer">Makes the instances.</param>
    /// <param name="args">Kept for information only.</param>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) => new(producer, args);

    /// <summary>The same recipe on another dispatcher.</summary>
    /// <param name="dispatcher">Its id: a path in the configuration.</param>
    public Props WithDispatcher(string dispatcher) => new(_producer, Arguments, dispatcher, SupervisorStrategy);

    /// <summary>The same recipe with another strategy, which has precedence over the actor's own.</summary>
    /// <param name="supervisorStrategy">How it supervises its children.</param>
    public Props WithSupervisorStrategy(SupervisorStrategy? supervisorStrategy) =>
        new(_producer, Arguments, DispatcherId, supervisorStrategy);

    internal ActorBase NewActorInstance()
    {
        try
        {
            return _producer.Produce();
        }
        catch (Exception e)
        {
            throw new TypeLoadException(
                $"Error while creating actor instance of type {Type} with {Arguments.Length} args: ({string.Join(",", Arguments)})", e);
        }
    }

    internal void Release(ActorBase actor) => _producer.Release(actor);

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}

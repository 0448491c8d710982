using System.Collections.Immutable;
using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>What a system is made from: at most one part of each type.</summary>
public sealed class ActorSystemSetup
{
    /// <summary>No parts.</summary>
    public static readonly ActorSystemSetup Empty = new(ImmutableDictionary<Type, Setup>.Empty);

    private readonly ImmutableDictionary<Type, Setup> _setups;

    private ActorSystemSetup(ImmutableDictionary<Type, Setup> setups) => _setups = setups;

    /// <summary>The sum of parts; of two of the same type, the last counts.</summary>
    /// <param name="setup">The parts.</param>
    public static ActorSystemSetup Create(params Setup[] setup) => setup.Aggregate(Empty, static (all, one) => all.WithSetup(one));

    /// <summary>The part of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public Option<T> Get<T>() where T : Setup =>
        _setups.TryGetValue(typeof(T), out var setup) ? Option<T>.Create((T)setup) : Option<T>.None;

    /// <summary>These parts and one more.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="setup">The part.</param>
    public ActorSystemSetup WithSetup<T>(T setup) where T : Setup => new(_setups.SetItem(setup.GetType(), setup));

    /// <summary>These parts and one more.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="setup">The part.</param>
    public ActorSystemSetup And<T>(T setup) where T : Setup => WithSetup(setup);
}

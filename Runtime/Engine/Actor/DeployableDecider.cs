namespace Akka.Actor;

/// <summary>A decider that is a table from exception types to directives.</summary>
public class DeployableDecider : IDecider
{
    /// <summary>Makes the decider.</summary>
    /// <param name="defaultDirective">When no row fits.</param>
    /// <param name="pairs">The rows; the first that fits counts.</param>
    public DeployableDecider(Directive defaultDirective, IEnumerable<KeyValuePair<Type, Directive>> pairs)
        : this(defaultDirective, pairs.ToArray())
    {
    }

    /// <summary>Makes the decider.</summary>
    /// <param name="defaultDirective">When no row fits.</param>
    /// <param name="pairs">The rows; the first that fits counts.</param>
    public DeployableDecider(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs)
    {
        DefaultDirective = defaultDirective;
        Pairs = pairs;
    }

    /// <summary>When no row fits.</summary>
    public Directive DefaultDirective { get; }

    /// <summary>The rows.</summary>
    public KeyValuePair<Type, Directive>[] Pairs { get; }

    /// <inheritdoc/>
    public Directive Decide(Exception cause)
    {
        foreach (var (type, directive) in Pairs)
            if (type.IsInstanceOfType(cause)) return directive;
        return DefaultDirective;
    }
}

namespace Akka.Actor;

/// <summary>Builds the rows of a <see cref="DeployableDecider"/>.</summary>
public static class DirectiveExtensions
{
    /// <summary>This directive for exceptions of a type.</summary>
    /// <typeparam name="TException">The type.</typeparam>
    /// <param name="self">The directive.</param>
    public static KeyValuePair<Type, Directive> When<TException>(this Directive self) where TException : Exception =>
        new(typeof(TException), self);
}

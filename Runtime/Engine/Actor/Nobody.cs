namespace Akka.Actor;

/// <summary>The actor that does not exist: result of a look-up that found none.</summary>
public sealed class Nobody : IActorRef
{
    private Nobody()
    {
    }

    /// <summary>The only instance.</summary>
    public static Nobody Instance { get; } = new();

    /// <inheritdoc/>
    public ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/Nobody");

    /// <summary>Does nothing.</summary>
    /// <param name="message">Ignored.</param>
    /// <param name="sender">Ignored.</param>
    public void Tell(object message, IActorRef? sender)
    {
    }

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => Path.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other) => other is null ? 1 : Path.CompareTo(other.Path);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    /// <inheritdoc/>
    public override string ToString() => $"[{Path}]";
}

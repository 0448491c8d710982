namespace Akka.Actor;

/// <summary>
/// What every reference that the engine makes can do beyond <see cref="IActorRef"/>: take system messages, be walked through.
/// </summary>
internal abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    /// <summary>Uid of the path, without making the path.</summary>
    public virtual long Uid => Path.Uid;

    public abstract ActorSystemImpl SystemImpl { get; }

    public virtual IActorRef ParentRef => ActorRefs.Nobody;

    public abstract void Tell(object message, IActorRef? sender);

    public abstract void SendSystem(SystemMessage message);

    public virtual void Stop()
    {
    }

    public virtual IActorRef? GetSingleChild(string name) => null;

    public bool Equals(IActorRef? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || (this is ActorCell && other is ActorCell)) return false;
        return Uid == other.Path.Uid && Path.Equals(other.Path);
    }

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode()
    {
        // Equal references have equal uids, and those of actors are random: no need to hash the path.
        var uid = Uid;
        return uid != ActorPath.UndefinedUid ? (int)uid : Path.GetHashCode();
    }

    public int CompareTo(IActorRef? other)
    {
        if (other is null) return 1;
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        IActorRef other => CompareTo(other),
        _ => throw new ArgumentException($"Object must be of type IActorRef, found {obj.GetType()} instead.", nameof(obj)),
    };

    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}

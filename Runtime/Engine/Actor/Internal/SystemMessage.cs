namespace Akka.Actor;

/// <summary>
/// What engine and cells tell each other. Handled before user messages, in order, also by suspended actors; linked into the queue by
/// itself, so an
/// instance goes to one actor only.
/// </summary>
internal abstract class SystemMessage
{
    /// <summary>Head of the queue of a cell that takes no more.</summary>
    public static readonly SystemMessage Closed = new ClosedMark();

    public SystemMessage? Next;

    /// <summary>Whether it waits while the actor waits for its children to stop.</summary>
    public virtual bool WaitsForChildren => false;

    /// <summary>Whether it waits while the actor is suspended.</summary>
    public virtual bool WaitsForResume => false;

    public abstract void Apply(ActorCell cell);

    private sealed class ClosedMark : SystemMessage
    {
        public override void Apply(ActorCell cell) => throw new InvalidOperationException();
    }
}

namespace Ouroboros.Pool;

/// <summary>One member of a <see cref="ReadySet{T}"/> and everything that is pending for it.</summary>
/// <typeparam name="T">What the set holds, e.g. a flow.</typeparam>
/// <param name="Member">The member.</param>
/// <param name="Events">What happened since it was last reported; never <see cref="FlowEventType.None"/>.</param>
public readonly record struct ReadyEvent<T>(T Member, FlowEventType Events)
    where T : class;

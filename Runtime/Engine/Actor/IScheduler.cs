namespace Akka.Actor;

/// <summary>Does things later.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>Runs actions; prefer sending messages.</summary>
    IAdvancedScheduler Advanced { get; }
}

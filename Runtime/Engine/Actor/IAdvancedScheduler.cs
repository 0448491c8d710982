namespace Akka.Actor;

/// <summary>The part of a scheduler that runs actions rather than sending messages.</summary>
public interface IAdvancedScheduler : IActionScheduler
{
}

namespace Akka.Actor;

/// <summary>A message that the engine handles itself; the behaviour of the actor does not see it.</summary>
public interface IAutoReceivedMessage
{
}

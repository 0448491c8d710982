namespace Akka.Actor;

/// <summary>Asks a guardian to stop a child.</summary>
internal sealed record StopChild(IActorRef Child);

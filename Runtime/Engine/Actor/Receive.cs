namespace Akka.Actor;

/// <summary>A behaviour: handles a message, or says that it does not (false).</summary>
/// <param name="message">The message.</param>
public delegate bool Receive(object message);

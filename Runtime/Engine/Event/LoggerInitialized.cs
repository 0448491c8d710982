using Akka.Actor;

namespace Akka.Event;

/// <summary>What a logger answers when it is ready.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded
{
}

namespace Akka.Actor;

/// <summary>Marks messages that do harm when an untrusted peer sends them.</summary>
public interface IPossiblyHarmful
{
}

namespace Akka.Actor;

/// <summary>Marks messages that do not count as activity for the receive time-out.</summary>
public interface INotInfluenceReceiveTimeout
{
}

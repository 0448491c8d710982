namespace Akka.Event;

/// <summary>Marks messages whose loss is of no interest: they become <see cref="SuppressedDeadLetter"/>.</summary>
public interface IDeadLetterSuppression
{
}

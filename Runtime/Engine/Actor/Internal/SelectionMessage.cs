namespace Akka.Actor;

/// <summary>A message that has part of a selection's way before it.</summary>
internal sealed class SelectionMessage(object message, string[] elements, bool fannedOut)
    : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    public object Message => message;

    public string[] Elements => elements;

    public bool FannedOut => fannedOut;
}

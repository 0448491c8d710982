namespace Akka.Actor;

/// <summary>Unwraps messages.</summary>
public static class WrappedMessage
{
    /// <summary>The innermost message.</summary>
    /// <param name="message">The outermost message.</param>
    public static object Unwrap(object message)
    {
        while (message is IWrappedMessage wrapped) message = wrapped.Message;
        return message;
    }
}

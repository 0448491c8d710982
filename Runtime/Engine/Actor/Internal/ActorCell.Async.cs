namespace Akka.Actor;

/// <content>Handlers that await.</content>
internal sealed partial class ActorCell
{
    /// <summary>Runs a further part of the handler of a message.</summary>
    public void RunPartOfMessage(object? message, Action part)
    {
        _message = message;
        part();
        if (!IsFailed) _message = null;
    }

    /// <summary>The handler of a message has ended, at last.</summary>
    public void AsyncEnded(object? message, Exception? failure)
    {
        ResumeMailbox();
        if (failure is not null)
        {
            _message = message;
            HandleInvokeFailure(failure, null, null);
        }
        _extras?.ReceiveTimer?.Continue(message);
    }
}

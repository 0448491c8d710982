using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs dead letters and unhandled messages, up to <c>akka.log-dead-letters</c> of them, then pauses.</summary>
internal sealed class DeadLetterListener : ActorBase
{
    private readonly EventStream _stream = Context.System.EventStream;
    private readonly Settings _settings = Context.System.Settings;
    private int _count;
    private DateTimeOffset? _pausedUntil;

    protected override void PreStart()
    {
        _stream.Subscribe(Self, typeof(DeadLetter));
        _stream.Subscribe(Self, typeof(UnhandledMessage));
    }

    protected override void PostStop() => _stream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter) return false;
        if (letter.Message is IDeadLetterSuppression) return true;
        _count++;
        var now = Context.System.Scheduler.Now;
        if (_pausedUntil is { } until)
        {
            if (now < until) return true;
            Log(letter, $", of which {_count - _settings.LogDeadLetters - 1} were not logged. The counter will be reset now");
            _count = 0;
            _pausedUntil = null;
        }
        else if (_count == _settings.LogDeadLetters)
        {
            var pause = _settings.LogDeadLettersSuspendDuration;
            Log(letter, pause == Timeout.InfiniteTimeSpan ? ", no more dead letters will be logged"
                : $", no more dead letters will be logged in next [{pause}]");
            _pausedUntil = pause == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : now + pause;
        }
        else
        {
            Log(letter, "");
        }
        return true;
    }

    private void Log(AllDeadLetters letter, string done)
    {
        var from = letter.Sender.IsNobody() ? "" : $" from {letter.Sender}";
        var fate = letter is UnhandledMessage ? "unhandled" : "not delivered";
        var content = WrappedMessage.Unwrap(letter.Message);
        _stream.Publish(new Info(letter.Recipient.Path.ToString(), letter.Recipient.GetType(),
            $"Message [{content.GetType().Name}]{from} to {letter.Recipient} was {fate}. [{_count}] dead letters encountered{done}. " +
            "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' and " +
            $"'akka.log-dead-letters-during-shutdown'. Message content: {content}"));
    }
}

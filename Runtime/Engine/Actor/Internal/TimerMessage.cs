namespace Akka.Actor.Internal;

/// <summary>What a timer puts into the mailbox; counts only while it is the present message of its key.</summary>
internal sealed class TimerMessage(TimerScheduler owner, object key, object message, bool repeat)
{
    public TimerScheduler Owner => owner;

    public object Key => key;

    public object Message => message;

    public bool Repeat => repeat;

    public ICancelable? Task { get; set; }

    public override string ToString() => $"TimerMsg(key={key}, message={message})";
}

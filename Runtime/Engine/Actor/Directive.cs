namespace Akka.Actor;

/// <summary>What a supervisor does with a child that failed.</summary>
public enum Directive
{
    /// <summary>The child goes on with the next message; its state stays.</summary>
    Resume,

    /// <summary>The child gets a fresh instance; its mailbox stays.</summary>
    Restart,

    /// <summary>The supervisor fails itself, for the same reason.</summary>
    Escalate,

    /// <summary>The child stops for good.</summary>
    Stop,
}

namespace Ouroboros.Engine.Inspection;

/// <summary>Where an actor is in its life.</summary>
public enum ActorState
{
    /// <summary>Its instance is being made.</summary>
    Starting,

    /// <summary>It handles messages.</summary>
    Running,

    /// <summary>It handles no messages for now: an ancestor failed, or a handler awaits.</summary>
    Suspended,

    /// <summary>Its instance is being replaced.</summary>
    Restarting,

    /// <summary>It waits for its children to stop, and then stops itself.</summary>
    Stopping,

    /// <summary>It has stopped.</summary>
    Stopped,

    /// <summary>It failed, and waits for its supervisor or was stopped by it.</summary>
    Failed,
}

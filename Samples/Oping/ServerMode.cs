namespace Ouroboros.Samples.Oping;

/// <summary>How the server waits for packets.</summary>
public enum ServerMode
{
    /// <summary>Sleeps until there is one.</summary>
    Normal,

    /// <summary>Looks again and again; a processor is busy with it.</summary>
    Poll,

    /// <summary>Serves a single flow, reading again and again.</summary>
    Busy,
}

namespace Ouroboros.Runtime.Control;

/// <summary>The daemon's socket, under <c>ouroboros.control</c> in HOCON.</summary>
public sealed record ControlSettings
{
    /// <summary>Path of the socket; null = <c>OUROBOROS_SOCKET</c> of the environment, else <c>/var/run/ouroboros/irm.sock</c>.</summary>
    public string? Socket { get; init; }

    /// <summary>How long a client may stay silent after it connected, and how long it may leave a reply unread.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections at a time: commands under way, attached applications and their flows. A new one takes the place of the one that has
    /// been silent longest.
    /// </summary>
    public int MaxConnections { get; init; } = 16384;

    /// <summary>Connections at a time of one user, other than uid 0 and the daemon's own.</summary>
    public int MaxConnectionsPerUser { get; init; } = 4096;
}

using Ouroboros.Layers.Flow;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>A connection that somebody asked for: it is tried again whenever it is lost, until it is disconnected.</summary>
/// <param name="destination">Name that the neighbour accepts flows for.</param>
/// <param name="component">One of <see cref="ComponentNames"/>.</param>
/// <param name="qos">What the flow is to be like.</param>
public sealed class WantedConnection(string destination, string component, QosSpec qos)
{
    internal const long NoAttempt = 0;

    /// <summary>Name that the neighbour accepts flows for.</summary>
    public string Destination { get; } = destination;

    /// <summary>One of <see cref="ComponentNames"/>.</summary>
    public string Component { get; } = component;

    /// <summary>What the flow is to be like.</summary>
    public QosSpec Qos { get; set; } = qos;

    /// <summary>The connection that there is.</summary>
    public Connection? Connection { get; internal set; }

    /// <summary>The neighbour's address when it was last connected; 0 before.</summary>
    public ulong Peer { get; internal set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; internal set; }

    /// <summary>Number of the try that is under way.</summary>
    internal long Attempt { get; set; }

    /// <summary>When it is tried next; <see cref="TimeSpan.MaxValue"/> = not.</summary>
    internal TimeSpan TryAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Whether it stays wanted when this try fails.</summary>
    internal bool IsKept { get; set; }

    /// <summary>Commands that wait for the try.</summary>
    internal List<long> Commands { get; } = [];
}

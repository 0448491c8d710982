using Ouroboros.Layers.Flow;

namespace Ouroboros.Samples.Oping;

/// <summary>What oping was told on its command line.</summary>
public sealed record OpingOptions
{
    /// <summary>The name that a server serves when none is given.</summary>
    public const string DefaultName = "oping";

    /// <summary>Pings of a client that is given neither a count nor a duration.</summary>
    public const int DefaultCount = int.MaxValue;

    /// <summary>Server mode.</summary>
    public bool Listen { get; init; }

    /// <summary>How the server waits.</summary>
    public ServerMode ServerMode { get; init; }

    /// <summary>How the client sends.</summary>
    public ClientMode ClientMode { get; init; }

    /// <summary>The name to ping, or to serve.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>Pings to send.</summary>
    public int Count { get; init; } = DefaultCount;

    /// <summary>Time from one ping to the next; zero = as fast as they can be written.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of a ping.</summary>
    public int Size { get; init; } = Wire.OpingMessage.MinSize;

    /// <summary>What the client asks of the flow.</summary>
    public QosSpec Qos { get; init; } = QosSpec.Raw;

    /// <summary>No line per packet.</summary>
    public bool Quiet { get; init; }

    /// <summary>The wall clock before each line of the client, normal mode only.</summary>
    public bool TimeOfDay { get; init; }

    /// <summary>HOCON file with the layers of the runtime; null = none.</summary>
    public string? Configuration { get; init; }
}

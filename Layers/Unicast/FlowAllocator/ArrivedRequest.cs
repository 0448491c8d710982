namespace Ouroboros.Layers.Unicast;

/// <summary>A request of a peer, and after the answer what is needed to recognise and serve its repeats.</summary>
internal sealed class ArrivedRequest
{
    /// <summary>Our number for it.</summary>
    public required long Number { get; init; }

    /// <summary>Who asks, and for which of its endpoint ids.</summary>
    public required RemoteEnd From { get; init; }

    /// <summary>The class of service that was asked for.</summary>
    public required Flow.QosCube Cube { get; init; }

    /// <summary>Whether who asks is one of ours.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>When it arrived.</summary>
    public required TimeSpan ArrivedAt { get; init; }

    /// <summary>When it is given up; once it is answered, when it is forgotten.</summary>
    public required TimeSpan ExpiresAt { get; set; }

    /// <summary>Whether it has been answered, or needs no answer any more.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The reply that was sent; null while there is none.</summary>
    public byte[]? Reply { get; set; }

    /// <summary>The flow that it became; null for none.</summary>
    public UnicastFlow? Flow { get; set; }
}

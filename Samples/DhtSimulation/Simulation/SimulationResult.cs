namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>What a run showed.</summary>
public sealed record SimulationResult
{
    /// <summary>What was run.</summary>
    public required SimulationOptions Options { get; init; }

    /// <summary>Look-ups that were answered.</summary>
    public required int Lookups { get; init; }

    /// <summary>Those that found the address at which the name was registered.</summary>
    public required int Succeeded { get; init; }

    /// <summary>Those that ended without knowing, because time was up.</summary>
    public required int TimedOut { get; init; }

    /// <summary>Hops of those that found something elsewhere.</summary>
    public required Distribution Hops { get; init; }

    /// <summary>Their requests.</summary>
    public required Distribution Requests { get; init; }

    /// <summary>Milliseconds that all took.</summary>
    public required Distribution Latency { get; init; }

    /// <summary>Messages delivered in the whole run.</summary>
    public required long Messages { get; init; }

    /// <summary>Messages sent while look-ups were measured, those of maintenance too.</summary>
    public required long MessagesMeasured { get; init; }

    /// <summary>Their bytes.</summary>
    public required long BytesMeasured { get; init; }

    /// <summary>Virtual seconds in which they were sent.</summary>
    public required double SecondsMeasured { get; init; }

    /// <summary>Messages that were written to bytes, read back and compared.</summary>
    public required long Checked { get; init; }

    /// <summary>Nodes that were replaced.</summary>
    public required int Replaced { get; init; }

    /// <summary>Managed memory at the end for each node, bytes.</summary>
    public required long MemoryPerNode { get; init; }

    /// <summary>Most memory that the process had, bytes.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Contacts of a node, on average.</summary>
    public required double Contacts { get; init; }

    /// <summary>Values that a node keeps for others, on average.</summary>
    public required double Values { get; init; }

    /// <summary>Real time that the run took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>A number that two runs have in common only when they went alike.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>Share of the look-ups that succeeded.</summary>
    public double SuccessRate => Lookups == 0 ? 0 : (double)Succeeded / Lookups;

    /// <summary>Messages delivered in a second of real time.</summary>
    public double MessagesPerSecond => Messages / Elapsed.TotalSeconds;

    /// <summary>Bytes that a node sends in a second of virtual time.</summary>
    public double BytesPerNodeAndSecond => BytesMeasured / SecondsMeasured / Options.Nodes;
}

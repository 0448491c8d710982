namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>
/// Parameters of a directory, the same for all members of a layer: chosen at bootstrap, handed over at enrolment (dht.md section 2). The limits
/// below them are each node's own.
/// </summary>
public sealed record DhtOptions
{
    /// <summary>Most nodes that may be asked at a time.</summary>
    public const int MaxAlpha = 10;

    /// <summary>Largest bucket and answer.</summary>
    public const int MaxK = 20;

    /// <summary>Nodes that a look-up asks at a time; 1 to 10.</summary>
    public int Alpha { get; init; } = 3;

    /// <summary>Contacts in a bucket and in an answer, and nodes that keep a value; 1 to 20.</summary>
    public int K { get; init; } = 8;

    /// <summary>The longest life of a value; 10 s to 86,400 s.</summary>
    public TimeSpan Expire { get; init; } = TimeSpan.FromSeconds(86400);

    /// <summary>How often a part of the table that nothing went through is refreshed; 3 s to 3600 s.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>How often values are stored again; 3 s to 3600 s.</summary>
    public TimeSpan Replicate { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>Bytes of keys and ids: those of the layer's hash.</summary>
    public int KeyLength { get; init; } = 32;

    /// <summary>The largest address that the layer has; an address of another size is no contact and no value.</summary>
    public ulong MaxAddress { get; init; } = uint.MaxValue;

    /// <summary>The longest message that fits the layers below, bytes. An answer is cut to it: a longer one would be lost (dht.md section 4).</summary>
    public int MaxMessageLength { get; init; } = 1400;

    /// <summary>Values of others that a node keeps in all.</summary>
    public int MaxValues { get; init; } = 65536;

    /// <summary>Values that a node takes from one peer.</summary>
    public int MaxValuesPerPeer { get; init; } = 4096;

    /// <summary>Life of what is published: three and a half rounds, so that what nobody republishes is gone within the hour (dht.md section 13).</summary>
    public TimeSpan Lifetime => Replicate * 3.5 < Expire ? Replicate * 3.5 : Expire;

    /// <summary>Longest time between two publications of a registration: it always leaves a second chance before the value expires.</summary>
    public TimeSpan RepublishInterval => Lifetime / 2.5 < Replicate ? Lifetime / 2.5 : Replicate;

    /// <summary>
    /// Least time between two: where a node starts, and comes back to when it finds that the nodes near its key have changed.
    /// </summary>
    public TimeSpan LeastRepublishInterval =>
        RepublishInterval / 16 > TimeSpan.FromSeconds(1) ? RepublishInterval / 16 : TimeSpan.FromSeconds(1);

    /// <summary>How often a node looks for what is due.</summary>
    public TimeSpan MaintenanceInterval
    {
        get
        {
            var least = Math.Min(Math.Min(Refresh.TotalSeconds, Replicate.TotalSeconds), Expire.TotalSeconds) / 30;
            return TimeSpan.FromSeconds(Math.Clamp(least, 1, 30));
        }
    }

    /// <summary>
    /// These options with each parameter moved into its range. For parameters that came with an enrolment: the reference's tool checks none of
    /// them, and a layer that has odd ones is still to be joined.
    /// </summary>
    public DhtOptions Clamped()
    {
        var clamped = this with
        {
            Alpha = Math.Clamp(Alpha, 1, MaxAlpha),
            K = Math.Clamp(K, 1, MaxK),
            Expire = Clamp(Expire, 10, 86400),
            Refresh = Clamp(Refresh, 3, 3600),
            Replicate = Clamp(Replicate, 3, 3600),
        };
        // Many nodes of one process share them; a copy for each would be one more thing to fetch for every message.
        return clamped == this ? this : clamped;
    }

    private static TimeSpan Clamp(TimeSpan value, int least, int most) =>
        TimeSpan.FromSeconds(Math.Clamp(value.TotalSeconds, least, most));
}

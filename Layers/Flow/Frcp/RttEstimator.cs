namespace Ouroboros.Layers.Flow.Frcp;

/// <summary>
/// Round-trip time and retransmission time-out, nanoseconds (frcp.md section 10, the estimator of Linux). It is the caller who bounds the
/// time-out, see <see cref="FrcpParameters.MinRto"/>.
/// </summary>
internal struct RttEstimator
{
    private const long FirstRto = 1_000_000_000;
    private const long FirstDeviation = 10_000_000;
    private const long LeastSmoothed = 1_000;
    private const long LeastDeviation = 100;
    private const long LeastRto = 250_000;
    private const long LeastGuess = 50_000_000;

    public RttEstimator()
    {
        Deviation = FirstDeviation;
        Rto = FirstRto;
        Least = long.MaxValue;
    }

    /// <summary>Smoothed round-trip time; 0 before the first sample.</summary>
    public long Smoothed { get; private set; }

    /// <summary>Mean deviation.</summary>
    public long Deviation { get; private set; }

    /// <summary>Time-out that follows from both.</summary>
    public long Rto { get; private set; }

    /// <summary>Least sample of all.</summary>
    public long Least { get; private set; }

    /// <summary>Samples so far.</summary>
    public long Samples { get; private set; }

    /// <summary>
    /// A guess, until there is a sample: on a bad link every packet may have been sent twice, and nobody knows which one was answered.
    /// </summary>
    public void Guess(long sample)
    {
        if (Samples != 0) return;
        Smoothed = Math.Max(sample, LeastGuess);
        Deviation = Smoothed >> 1;
        Rto = Smoothed + (Deviation << 2);
    }

    public void Add(long sample)
    {
        if (sample < 0) return;
        if (Samples++ == 0)
        {
            Smoothed = sample;
            Deviation = sample >> 1;
        }
        else
        {
            var difference = sample - Smoothed;
            Smoothed += difference >> 3;
            var error = (Math.Abs(difference) - Deviation) >> 2;
            if (error < 0) error >>= 3;
            Deviation += error;
        }
        Smoothed = Math.Max(Smoothed, LeastSmoothed);
        Deviation = Math.Max(Deviation, LeastDeviation);
        Rto = Math.Max(LeastRto, Smoothed + (Deviation << 2));
        Least = Math.Min(Least, sample);
    }
}

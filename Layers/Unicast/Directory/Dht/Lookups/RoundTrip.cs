namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>How long to wait for an answer: the smoothed round trip and its variation, as RFC 6298 has it, in milliseconds.</summary>
internal struct RoundTrip
{
    /// <summary>Before anything was measured (dht.md section 13).</summary>
    private const int Initial = 250;

    // The nodes of a layer are near and far: what a few near ones took says little about the next.
    private const int Least = 100;
    private const int Most = 1000;

    private float _smoothed;
    private float _variation;

    /// <summary>How long to wait after a request was sent, milliseconds: twice as long after a repetition, should the estimate be too short.</summary>
    /// <param name="tries">How often it was sent.</param>
    public readonly int Timeout(int tries)
    {
        var timeout = _smoothed == 0 ? Initial : (int)Math.Clamp(_smoothed + (4 * _variation), Least, Most);
        return tries > 1 ? 2 * timeout : timeout;
    }

    /// <summary>Takes the time from a request to its answer, also of one that came late: else an estimate that is too short would stay so.</summary>
    /// <param name="now">When the answer came.</param>
    /// <param name="repetition">Which was answered: 0 the first request, and so on.</param>
    /// <param name="tries">How often it was sent.</param>
    /// <param name="first">When it was first sent.</param>
    /// <param name="last">When it was last sent.</param>
    public void Measure(long now, ulong repetition, int tries, long first, long last)
    {
        if (repetition == 0) Measure(now - first);
        else if (repetition == (ulong)tries - 1) Measure(now - last);
    }

    private void Measure(long milliseconds)
    {
        var sample = (float)Math.Max(milliseconds, 1);
        if (_smoothed == 0)
        {
            _smoothed = sample;
            _variation = sample / 2;
            return;
        }
        _variation += (Math.Abs(_smoothed - sample) - _variation) / 4;
        _smoothed += (sample - _smoothed) / 8;
    }
}

using System.Diagnostics.Metrics;
using Ouroboros.Crypto.Oap;

namespace Ouroboros.Runtime.Security;

/// <summary>Handshakes by side and result: as an instrument for whoever listens, and as numbers.</summary>
internal sealed class HandshakeMetrics : IDisposable
{
    private static readonly OapFailure[] Results = Enum.GetValues<OapFailure>();

    private readonly Meter _meter = new("Ouroboros.Security");
    private readonly Counter<long> _handshakes;
    private readonly long[] _counts = new long[2 * Results.Length];

    public HandshakeMetrics() =>
        _handshakes = _meter.CreateCounter<long>("ouroboros.security.handshakes", description: "Handshakes of flow allocation that have ended");

    public void Add(FlowSide side, OapFailure result)
    {
        Interlocked.Increment(ref _counts[Index(side, result)]);
        // Without a listener nothing is made for it.
        if (_handshakes.Enabled) _handshakes.Add(1, new KeyValuePair<string, object?>("side", side.ToString()), new KeyValuePair<string, object?>("result", result.ToString()));
    }

    public long Count(FlowSide side, OapFailure result) => Interlocked.Read(ref _counts[Index(side, result)]);

    public void Dispose() => _meter.Dispose();

    private static int Index(FlowSide side, OapFailure result) => ((int)side * Results.Length) + (int)result;
}

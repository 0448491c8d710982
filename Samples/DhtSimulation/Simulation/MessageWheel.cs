using System.Numerics;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Messages by the millisecond in which they arrive: a ring of runs, so that putting in and taking out cost the same however many wait. One thread puts in while another takes
/// out what arrives before anything that is sent at that time.
/// </summary>
internal sealed class MessageWheel
{
    private readonly MessageRun[] _runs;

    /// <param name="horizon">Milliseconds that the ring covers at least: more than the longest latency and a window.</param>
    public MessageWheel(int horizon)
    {
        _runs = new MessageRun[BitOperations.RoundUpToPowerOf2((uint)horizon)];
        for (var i = 0; i < _runs.Length; i++) _runs[i] = new MessageRun();
    }

    /// <summary>What arrives in a millisecond; to be cleared when it has.</summary>
    public MessageRun this[long at] => _runs[at & (_runs.Length - 1)];

    /// <summary>Puts a message in.</summary>
    public void Put(in DhtMessage message, ulong target, long at) => this[at].Add(message, target);
}

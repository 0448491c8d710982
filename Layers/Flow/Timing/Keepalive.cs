using System.Numerics;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Flow.Timing;

/// <summary>All that the keepalive of an idle flow looks at. Times in nanoseconds on the wheel's clock.</summary>
internal struct Keepalive
{
    private const int RoundingShare = 32;

    // 268 ms: four wake-ups a second for any number of flows, and no more keepalives at a time than that.
    private const long MostRounding = 1L << 28;

    private const int Moved = 2;

    public TimerTicks Ticks = new();

    /// <summary>The way down; null: nothing is watched.</summary>
    public IPacketSink? Below;

    /// <summary>Where its empty packets come from.</summary>
    public PacketPool? Pool;

    /// <summary>When something was sent, as far as is known here.</summary>
    public long LastSent;

    /// <summary>When something came, as far as is known here.</summary>
    public long LastReceived;

    /// <summary>How long the peer may be silent until it is dead.</summary>
    public long Timeout;

    /// <summary>How long this end may be silent.</summary>
    public long SendEvery;

    // How often the stage is still to be asked what moved. Twice, since what it noted at the very moment of the first time may be seen at the
    // second only; so packets need no barrier.
    private int _looks;

    public Keepalive()
    {
    }

    /// <summary>By how much a keepalive may be late, nanoseconds: with the usual four of them in a time-out, a 128th of that.</summary>
    public readonly long Rounding => SendEvery / RoundingShare;

    /// <summary>
    /// When it wants to be looked at: rounded up by at most <see cref="Rounding"/> and <see cref="MostRounding"/>, so that flows come due together. A
    /// wake-up of the wheel costs more than a keepalive.
    /// </summary>
    public readonly long NextTime
    {
        get
        {
            var exact = Math.Min(LastSent + SendEvery, LastReceived + Timeout);
            var grain = Math.Min(MostRounding, 1L << BitOperations.Log2((ulong)Rounding | 1));
            return (exact + grain - 1) & -grain;
        }
    }

    /// <summary>Something has been sent or has come that is not noted here. For every packet: it writes the first time only, as other flows' records are in the same line.</summary>
    public void Touch()
    {
        if (Volatile.Read(ref _looks) != Moved) Volatile.Write(ref _looks, Moved);
    }

    /// <summary>Whether the stage is to be asked what moved.</summary>
    public bool TakeLook()
    {
        var looks = Volatile.Read(ref _looks);
        if (looks == 0) return false;
        // Locked, and so before what the stage noted is read: a packet meanwhile leaves it at 2.
        Interlocked.CompareExchange(ref _looks, looks - 1, looks);
        return true;
    }

    /// <summary>Nothing has moved yet.</summary>
    public void Rest() => Volatile.Write(ref _looks, 0);
}

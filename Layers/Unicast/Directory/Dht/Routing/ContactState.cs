namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>What the table remembers of somebody, apart from who it is: one byte, of which there is one for each contact and replacement.</summary>
internal struct ContactState
{
    private const byte MissedBits = 0b0011_1111;
    private const byte MarkedBit = 0b0100_0000;
    private const byte VerifiedBit = 0b1000_0000;

    private byte _bits;

    /// <summary>Requests in a row that it did not answer.</summary>
    public int Missed
    {
        readonly get => _bits & MissedBits;
        set => _bits = (byte)((_bits & ~MissedBits) | Math.Min(value, MissedBits));
    }

    /// <summary>Whether it marks its messages as one of ours.</summary>
    public bool Marked
    {
        readonly get => (_bits & MarkedBit) != 0;
        set => _bits = (byte)(value ? _bits | MarkedBit : _bits & ~MarkedBit);
    }

    /// <summary>Whether it ever answered a request of ours: contacts all did, replacements may have.</summary>
    public bool Verified
    {
        readonly get => (_bits & VerifiedBit) != 0;
        set => _bits = (byte)(value ? _bits | VerifiedBit : _bits & ~VerifiedBit);
    }
}

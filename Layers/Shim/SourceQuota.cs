using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>
/// How much each source has waiting, so that no one takes all the room. Sources are counted by the hash of their address: a bounded table without
/// locks, in which two that fall together share a share. Safe from any thread.
/// </summary>
/// <param name="share">What one source may have waiting.</param>
internal sealed class SourceQuota(int share)
{
    private const int Buckets = 1024;

    private readonly int[] _waiting = new int[Buckets];

    /// <summary>Takes room for one; false when the source has its share already.</summary>
    public bool TryEnter(LinkAddress source)
    {
        ref var waiting = ref Of(source);
        if (Interlocked.Increment(ref waiting) <= share) return true;
        Interlocked.Decrement(ref waiting);
        return false;
    }

    /// <summary>Gives room for one back.</summary>
    public void Leave(LinkAddress source) => Interlocked.Decrement(ref Of(source));

    private ref int Of(LinkAddress source) => ref _waiting[(uint)source.GetHashCode() % Buckets];
}

namespace Ouroboros.Crypto.Randomness;

/// <summary>Where IVs and ids come from. Keys never do: the library that makes them uses its own generator.</summary>
public interface IRandomSource
{
    /// <summary>Fills a buffer. Safe from any thread.</summary>
    void Fill(Span<byte> buffer);
}

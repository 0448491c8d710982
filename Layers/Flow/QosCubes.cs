namespace Ouroboros.Layers.Flow;

/// <summary>Facts about all of <see cref="QosCube"/>.</summary>
internal static class QosCubes
{
    /// <summary>How many there are; their numbers are 0 to one less.</summary>
    public const int Count = 3;
}

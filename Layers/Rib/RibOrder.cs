namespace Ouroboros.Layers.Rib;

/// <summary>Order of components: numbers by value and first, then names.</summary>
internal sealed class RibOrder : IComparer<string>
{
    public static RibOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var first = int.TryParse(x, out var a);
        var second = int.TryParse(y, out var b);
        return first && second ? a.CompareTo(b) : first != second ? (first ? -1 : 1) : string.CompareOrdinal(x, y);
    }
}

namespace Ouroboros.Layers.Unicast.Routing.Wire;

/// <summary>A link as one of its ends announces it.</summary>
/// <param name="Source">Address of the member that announces it.</param>
/// <param name="Destination">Address of its neighbour.</param>
public readonly record struct LinkKey(ulong Source, ulong Destination) : IComparable<LinkKey>
{
    /// <summary>The same link, announced by the other end.</summary>
    public LinkKey Reverse => new(Destination, Source);

    /// <summary>Ascending by destination, then source: the order in which a database is handed to a neighbour.</summary>
    public static bool operator <(LinkKey left, LinkKey right) => left.CompareTo(right) < 0;

    /// <summary>See <see cref="op_LessThan"/>.</summary>
    public static bool operator >(LinkKey left, LinkKey right) => left.CompareTo(right) > 0;

    /// <summary>See <see cref="op_LessThan"/>.</summary>
    public static bool operator <=(LinkKey left, LinkKey right) => left.CompareTo(right) <= 0;

    /// <summary>See <see cref="op_LessThan"/>.</summary>
    public static bool operator >=(LinkKey left, LinkKey right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(LinkKey other) =>
        Destination != other.Destination ? Destination.CompareTo(other.Destination) : Source.CompareTo(other.Source);
}

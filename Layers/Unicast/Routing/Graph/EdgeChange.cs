namespace Ouroboros.Layers.Unicast.Routing.Graph;

/// <summary>A link that came or went.</summary>
/// <param name="A">Number of one end.</param>
/// <param name="B">Number of the other.</param>
/// <param name="Added">It came.</param>
public readonly record struct EdgeChange(int A, int B, bool Added)
{
    /// <summary>Whether it is a link of this member.</summary>
    public bool Touches(int vertex) => A == vertex || B == vertex;
}

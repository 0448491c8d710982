namespace Ouroboros.Tests.Simulation.Network;

/// <summary>A wire between two nodes.</summary>
internal sealed class NodeLink(int a, int b, TimeSpan delay)
{
    public int A => a;

    public int B => b;

    public TimeSpan Delay => delay;

    /// <summary>Nothing gets across, and nobody is told.</summary>
    public bool IsCut { get; set; }

    public int Other(int node) => node == a ? b : a;
}

namespace Ouroboros.Layers.Rib;

/// <summary>What the RIB shows of one IPCP or application: components by name. Read from any thread.</summary>
public interface IRibMount
{
    /// <summary>Names of the components.</summary>
    IReadOnlyList<string> Components { get; }

    /// <summary>A component; null = there is none of that name.</summary>
    IRibComponent? Find(string component);
}

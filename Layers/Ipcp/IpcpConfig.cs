namespace Ouroboros.Layers.Ipcp;

/// <summary>What an IPCP is bootstrapped with; each kind of layer derives its own. Kept by the IRMd and given again after a restart.</summary>
/// <param name="Layer">The layer to make.</param>
public abstract record IpcpConfig(LayerInfo Layer)
{
    /// <summary>The kind of IPCP that understands it.</summary>
    public abstract IpcpType Type { get; }

    /// <summary>
    /// This configuration, as a member got it when it enrolled, with those options that are each member's own (<see cref="IIpcpKind.OwnOptions"/>) as
    /// they are in <paramref name="other"/>.
    /// </summary>
    /// <param name="other">What this member was configured with; null = nothing.</param>
    public virtual IpcpConfig WithOwnOf(IpcpConfig? other) => this;
}

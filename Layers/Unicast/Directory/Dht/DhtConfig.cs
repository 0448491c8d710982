namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>The parameters of a DHT and a member of it.</summary>
/// <param name="Options">The parameters.</param>
/// <param name="Peer">Address of a member; 0 for the first.</param>
public sealed record DhtConfig(DhtOptions Options, ulong Peer = 0) : DirectoryConfig(Peer)
{
    /// <inheritdoc/>
    public override int Policy => DhtPolicy.DhtNumber;

    /// <inheritdoc/>
    public override DirectoryConfig WithOwnOf(DirectoryConfig other) => other is DhtConfig own
        ? this with { Options = Options with { MaxValues = own.Options.MaxValues, MaxValuesPerPeer = own.Options.MaxValuesPerPeer } }
        : this;
}

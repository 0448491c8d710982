using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Connections;

namespace Ouroboros.Layers.Broadcast;

/// <summary>The broadcast kind of IPCP: every packet reaches every member.</summary>
public sealed class BroadcastKind : IIpcpKind
{
    private const string MaxPacketKey = "max_packet";
    private const string LoopGuardKey = "loop_guard";

    /// <inheritdoc/>
    public IpcpType Type => IpcpType.Broadcast;

    /// <inheritdoc/>
    public string Name => "broadcast";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> OwnOptions { get; } = [MaxPacketKey, LoopGuardKey, PeerTimeoutOption.Key, "hash"];

    /// <inheritdoc/>
    public Props CreateProps(IpcpContext context) => ActorFactory.Props(() => new BroadcastIpcp(context));

    /// <inheritdoc/>
    public IpcpConfig ReadConfig(string layer, HoconReader options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The tools may give one; members of both kinds use this one.
        DirectoryHashOption.Read(options);
        return new BroadcastConfig(new LayerInfo(layer, DirectoryHash.Sha3_256))
        {
            MaxPacketSize = options.GetInt(MaxPacketKey, BroadcastConfig.DefaultMaxPacketSize, 1, 1 << 20),
            LoopGuard = options.GetBoolean(LoopGuardKey, true),
            PeerTimeout = PeerTimeoutOption.Read(options),
        };
    }
}

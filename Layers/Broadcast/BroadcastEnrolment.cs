using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Enrolment;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Layers.Broadcast;

/// <summary>The configuration of a broadcast layer as enrolment carries it: a name, hash 1 and type 2.</summary>
public sealed class BroadcastEnrolment : IEnrolmentCodec
{
    /// <summary>The one that there is.</summary>
    public static BroadcastEnrolment Instance { get; } = new();

    /// <inheritdoc/>
    public IpcpType Type => IpcpType.Broadcast;

    /// <inheritdoc/>
    public ConfigMessage Write(IpcpConfig config, ulong address)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new ConfigMessage(config.Layer.Name, (uint)DirectoryHash.Sha3_256, (uint)Type, null);
    }

    /// <inheritdoc/>
    public IpcpConfig Read(ConfigMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.HashAlgorithm == (uint)DirectoryHash.Sha3_256
            ? new BroadcastConfig(new LayerInfo(message.LayerName, DirectoryHash.Sha3_256))
            : throw new FlowException(FlowError.InvalidArgument, $"its hash is number {message.HashAlgorithm}; broadcast layers have {(uint)DirectoryHash.Sha3_256} (SHA3-256)");
    }
}

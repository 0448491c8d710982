using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Congestion;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Enrolment.Wire;
using Ouroboros.Layers.Unicast.Routing;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>
/// The configuration of a unicast layer as enrolment carries it. What is missing or unknown is refused before anything is touched; numbers out of
/// range are taken as they are, and put into range by whoever uses them: the reference's tool checks none, and such a layer is still to be joined.
/// </summary>
public sealed class UnicastEnrolment : IEnrolmentCodec
{
    private const int LastHash = (int)DirectoryHash.Sha3_512;

    /// <summary>The one that there is.</summary>
    public static UnicastEnrolment Instance { get; } = new();

    /// <inheritdoc/>
    public IpcpType Type => IpcpType.Unicast;

    /// <inheritdoc/>
    public ConfigMessage Write(IpcpConfig config, ulong address)
    {
        var unicast = (UnicastConfig)config;
        var dht = (DhtConfig)unicast.Directory.For(address);
        return new ConfigMessage(unicast.Layer.Name, (uint)unicast.Layer.Hash, (uint)Type, new UnicastMessage
        {
            AddressSize = (uint)unicast.AddressSize,
            EidSize = (uint)unicast.EidSize,
            MaxTtl = unicast.MaxTtl,
            Routing = 0,
            LinkState = new LinkStateMessage(
                (uint)unicast.Routing.Policy, Seconds(unicast.Routing.Recalculate), Seconds(unicast.Routing.Update), Seconds(unicast.Routing.Timeout)),
            Directory = (uint)dht.Policy,
            Dht = new DhtParametersMessage(
                (uint)dht.Options.Alpha, (uint)dht.Options.K, Seconds(dht.Options.Expire), Seconds(dht.Options.Refresh), Seconds(dht.Options.Replicate), dht.Peer),
            AddressAuthority = (uint)unicast.AddressAuthority,
            Congestion = (uint)unicast.Congestion,
        });
    }

    /// <inheritdoc/>
    public IpcpConfig Read(ConfigMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.HashAlgorithm > LastHash) throw Bad($"its directory hash is number {message.HashAlgorithm}, which no layer can have");
        var hash = (DirectoryHash)message.HashAlgorithm;
        var unicast = message.Unicast ?? throw Bad("the parameters of unicast layers are missing");
        if (unicast.AddressSize != UnicastConfig.OnlyAddressSize) throw Bad($"its addresses have {unicast.AddressSize} bytes, not {UnicastConfig.OnlyAddressSize}");
        if (unicast.AddressAuthority != 0) throw Bad($"its address authority is number {unicast.AddressAuthority}; this build has 0 (flat)");
        var congestion = CongestionPolicies.Find(Number(unicast.Congestion)).Number;
        if (unicast.Routing != 0) throw Bad($"its routing policy is number {unicast.Routing}; this build has 0 (link state)");
        var routing = unicast.LinkState ?? throw Bad("the parameters of link-state routing are missing");
        var policy = RoutingPolicies.Find(Number(routing.Policy)).Number;
        if (unicast.Directory != 0) throw Bad($"its directory policy is number {unicast.Directory}; this build has 0 (DHT)");
        var dht = unicast.Dht ?? throw Bad("the parameters of the DHT are missing");
        // An address that the layer cannot have is nobody to find the directory through.
        var peer = dht.Peer > uint.MaxValue ? 0 : dht.Peer;
        return new UnicastConfig(new LayerInfo(message.LayerName, hash))
        {
            AddressSize = UnicastConfig.OnlyAddressSize,
            EidSize = Number(unicast.EidSize),
            // Cut to its 8 bits as in the reference, where a packet that starts with 0 wraps around and goes on with 255.
            MaxTtl = (byte)unicast.MaxTtl is var ttl && ttl == 0 ? byte.MaxValue : (byte)unicast.MaxTtl,
            AddressAuthority = 0,
            Congestion = congestion,
            Routing = LinkStateConfig.Default with
            {
                Policy = policy,
                Recalculate = TimeSpan.FromSeconds(routing.Recalculate),
                Update = TimeSpan.FromSeconds(routing.Update),
                Timeout = TimeSpan.FromSeconds(routing.Timeout),
            },
            Directory = new DhtConfig(
                new DhtOptions
                {
                    Alpha = Number(dht.Alpha),
                    K = Number(dht.K),
                    Expire = TimeSpan.FromSeconds(dht.Expire),
                    Refresh = TimeSpan.FromSeconds(dht.Refresh),
                    Replicate = TimeSpan.FromSeconds(dht.Replicate),
                    KeyLength = NameHash.LengthOf(hash),
                },
                peer),
        };
    }

    private static int Number(uint value) => (int)Math.Min(value, int.MaxValue);

    private static uint Seconds(TimeSpan time) => (uint)Math.Clamp(time.TotalSeconds, 0, uint.MaxValue);

    private static FlowException Bad(string what) => new(FlowError.InvalidArgument, what);
}

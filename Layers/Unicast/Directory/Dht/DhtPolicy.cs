using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>The DHT as a directory policy: policy 0, the only one of the reference.</summary>
public sealed class DhtPolicy : IDirectoryPolicy
{
    internal const int DhtNumber = 0;

    // Names, defaults and ranges of dht.md section 2. A bare number is in seconds, as in the reference's files.
    private const string AlphaKey = "dht_alpha";
    private const string KKey = "dht_k";
    private const string ExpireKey = "dht_t_expire";
    private const string RefreshKey = "dht_t_refresh";
    private const string ReplicateKey = "dht_t_replicate";
    internal const string MaxValuesKey = "dht_max_values";
    internal const string MaxValuesPerPeerKey = "dht_max_values_per_peer";

    /// <inheritdoc/>
    public int Number => DhtNumber;

    /// <inheritdoc/>
    public string Name => "DHT";

    /// <inheritdoc/>
    public DirectoryConfig ReadConfig(HoconReader options, DirectoryHash hash)
    {
        ArgumentNullException.ThrowIfNull(options);
        var defaults = new DhtOptions();
        var maxValues = options.GetInt(MaxValuesKey, defaults.MaxValues, 1, 1 << 24);
        return new DhtConfig(defaults with
        {
            Alpha = options.GetInt(AlphaKey, defaults.Alpha, 1, DhtOptions.MaxAlpha),
            K = options.GetInt(KKey, defaults.K, 1, DhtOptions.MaxK),
            Expire = Seconds(options, ExpireKey, defaults.Expire, 10, 86400),
            Refresh = Seconds(options, RefreshKey, defaults.Refresh, 3, 3600),
            Replicate = Seconds(options, ReplicateKey, defaults.Replicate, 3, 3600),
            KeyLength = NameHash.LengthOf(hash),
            MaxValues = maxValues,
            MaxValuesPerPeer = options.GetInt(MaxValuesPerPeerKey, Math.Min(defaults.MaxValuesPerPeer, maxValues), 1, maxValues),
        });
    }

    /// <inheritdoc/>
    public Props CreateProps(DirectoryContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Config is not DhtConfig config)
        {
            throw new FlowException(FlowError.InvalidArgument, $"a directory of policy {context.Config?.Policy} cannot be run by policy {Name}");
        }
        if (context.Address == 0 || context.Address > config.Options.MaxAddress)
        {
            throw new FlowException(FlowError.InvalidArgument, $"{context.Address} is no address of the layer; it cannot have a directory");
        }
        return ActorFactory.Props(() => new DirectoryActor(context, config));
    }

    // On the wire these are whole seconds.
    private static TimeSpan Seconds(HoconReader options, string key, TimeSpan fallback, int least, int most)
    {
        var value = options.GetDuration(key, fallback, HoconTimeUnit.Seconds, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
        return value.Ticks % TimeSpan.TicksPerSecond == 0 ? value : throw options.Error(key, $"{value.TotalSeconds} s is not a whole number of seconds");
    }
}

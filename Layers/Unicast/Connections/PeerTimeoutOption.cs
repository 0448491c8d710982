using Ouroboros.Hocon;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>The option <c>peer_timeout</c> of members of unicast and broadcast layers.</summary>
internal static class PeerTimeoutOption
{
    /// <summary>Its key.</summary>
    public const string Key = "peer_timeout";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    /// <summary>Reads it; 0 leaves the time to the flow below.</summary>
    public static TimeSpan Read(HoconReader options)
    {
        var value = options.GetDuration(Key, ConnectionSettings.DefaultPeerTimeout, HoconTimeUnit.Seconds, TimeSpan.Zero, Longest);
        return value == TimeSpan.Zero || value >= ConnectionSettings.LeastPeerTimeout
            ? value
            : throw options.Error(Key, $"{value.TotalSeconds} s is too short: neighbours would be given up for a moment's delay; use 0 (off) or {ConnectionSettings.LeastPeerTimeout.TotalSeconds} to {Longest.TotalSeconds} s");
    }
}

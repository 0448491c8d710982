using System.Net;
using System.Net.Sockets;

namespace Ouroboros.Layers.Udp.Dns;

/// <summary>The system's table of hosts: lines of [address name name ... # comment].</summary>
public static class HostsFile
{
    /// <summary>The first address of a family that stands before a name; null when there is none.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">Case does not count.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    public static IPAddress? Find(string text, string name, AddressFamily family)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !words.Skip(1).Any(w => w.Equals(name, StringComparison.OrdinalIgnoreCase))) continue;
            if (IPAddress.TryParse(words[0], out var address) && address.AddressFamily == family) return address;
        }
        return null;
    }
}

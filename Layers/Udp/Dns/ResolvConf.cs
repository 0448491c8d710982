using System.Globalization;
using System.Net;

namespace Ouroboros.Layers.Udp.Dns;

/// <summary>What the system's resolver is configured with: <c>/etc/resolv.conf</c> (resolv.conf(5)).</summary>
/// <param name="Servers">Whom to ask, at most three.</param>
/// <param name="Search">Domains to look for a short name in, at most six.</param>
/// <param name="Dots">A name with fewer full stops than this is short.</param>
public sealed record ResolvConf(IReadOnlyList<IPEndPoint> Servers, IReadOnlyList<string> Search, int Dots)
{
    /// <summary>Port of DNS servers.</summary>
    public const int DnsPort = 53;

    private const int MaxServers = 3;
    private const int MaxSearch = 6;
    private const int MaxDots = 15;

    /// <summary>Reads it; lines that mean nothing are passed over, as the system's resolver does. Without a server: this host.</summary>
    public static ResolvConf Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var servers = new List<IPEndPoint>();
        string[] search = [];
        var dots = 1;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('#') || line.StartsWith(';')) continue;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) continue;
            switch (words[0])
            {
                case "nameserver" when servers.Count < MaxServers && IPAddress.TryParse(words[1], out var address):
                    servers.Add(new IPEndPoint(address, DnsPort));
                    break;
                case "domain":
                    search = [words[1]];
                    break;
                case "search":
                    search = words[1..];
                    break;
                case "options":
                    dots = words.Skip(1).Select(ReadDots).LastOrDefault(n => n is not null) ?? dots;
                    break;
            }
        }
        if (servers.Count == 0) servers.Add(new IPEndPoint(IPAddress.Loopback, DnsPort));
        return new ResolvConf(servers, [.. search.Select(d => d.TrimEnd('.')).Where(d => d.Length > 0).Take(MaxSearch)], dots);
    }

    /// <summary>The names to ask for, in order, when somebody looks for <paramref name="name"/>.</summary>
    public IReadOnlyList<string> Candidates(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var searched = Search.Select(domain => $"{name}.{domain}");
        return name.Count(c => c == '.') < Dots ? [.. searched, name] : [name, .. searched];
    }

    private static int? ReadDots(string option) =>
        option.StartsWith("ndots:", StringComparison.Ordinal) && int.TryParse(option[6..], CultureInfo.InvariantCulture, out var dots)
            ? Math.Clamp(dots, 0, MaxDots)
            : null;
}

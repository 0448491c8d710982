using System.Net;
using System.Net.Sockets;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Udp.Dns.Wire;

namespace Ouroboros.Layers.Udp.Dns;

/// <summary>
/// The shell around <see cref="DnsDialogue"/>: a socket for each dialogue, so that neither port nor id of a request can be foretold, and the
/// clock. Finds the address of a hash and makes it known, with no program's help. Safe from any thread.
/// </summary>
public sealed class DnsClient
{
    /// <summary>A line of hosts has no time to live; this is how soon a change of the file is noticed.</summary>
    public static readonly TimeSpan HostsTtl = TimeSpan.FromSeconds(10);

    private readonly DnsSettings _settings;
    private readonly AddressFamily _family;
    private readonly TimeProvider _time;
    private readonly Random _random;

    /// <summary>Makes a client for addresses of one family.</summary>
    public DnsClient(DnsSettings settings, AddressFamily family, TimeProvider time, int seed)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        (_settings, _family, _time, _random) = (settings, family, time, new Random(seed));
    }

    /// <summary>Whether names can be registered: a server is configured.</summary>
    public bool CanRegister => _settings.Server is not null;

    /// <summary>Looks for the address of a name.</summary>
    /// <returns>The first address found; null when there is none.</returns>
    /// <exception cref="FlowException"><see cref="FlowError.TimedOut"/> when no server answers, <see cref="FlowError.IpcpFailed"/> when they refuse.</exception>
    public async Task<DnsAddress?> FindAsync(NameHash hash, CancellationToken cancellationToken = default)
    {
        var label = hash.ToString();
        if (_settings.Server is { } server) return await FindAsync([DnsName.Join(label, _settings.Zone)], [server], cancellationToken).ConfigureAwait(false);
        if (ReadText(_settings.HostsFile) is { } hosts && HostsFile.Find(hosts, label, _family) is { } address) return new DnsAddress(address, HostsTtl);
        var system = ResolvConf.Parse(ReadText(_settings.ResolvConf) ?? "");
        var names = _settings.Zone == DnsName.Root ? system.Candidates(label) : [DnsName.Join(label, _settings.Zone)];
        return await FindAsync(names, system.Servers, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes an address of a name known.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.TimedOut"/> when the server does not answer, <see cref="FlowError.IpcpFailed"/> when it refuses,
    /// <see cref="FlowError.NotSupported"/> when none is configured.
    /// </exception>
    public Task RegisterAsync(NameHash hash, IPAddress address, CancellationToken cancellationToken = default) =>
        UpdateAsync(DnsRequest.Add(_settings.Zone, DnsName.Join(hash.ToString(), _settings.Zone), address), cancellationToken);

    /// <summary>Takes an address of a name back; those of other hosts stay.</summary>
    /// <exception cref="FlowException">As <see cref="RegisterAsync"/>.</exception>
    public Task UnregisterAsync(NameHash hash, IPAddress address, CancellationToken cancellationToken = default) =>
        UpdateAsync(DnsRequest.Delete(_settings.Zone, DnsName.Join(hash.ToString(), _settings.Zone), address), cancellationToken);

    private async Task<DnsAddress?> FindAsync(IReadOnlyList<string> names, IReadOnlyList<IPEndPoint> servers, CancellationToken cancellationToken)
    {
        var type = DnsRequest.TypeOf(_family);
        var response = await TalkAsync([.. names.Select(name => DnsRequest.Query(name, type))], servers, cancellationToken).ConfigureAwait(false);
        if (response.Code is DnsCode.NoError or DnsCode.NameError) return response.Addresses.Count > 0 ? response.Addresses[0] : null;
        throw new FlowException(FlowError.IpcpFailed, $"DNS server {servers[0]} answered {response.Code} to a query for {names[^1]}; does it serve this network and zone?");
    }

    private async Task UpdateAsync(DnsRequest update, CancellationToken cancellationToken)
    {
        var server = _settings.Server ?? throw new FlowException(FlowError.NotSupported, "no DNS server is configured; set dns");
        var response = await TalkAsync([update], [server], cancellationToken).ConfigureAwait(false);
        if (response.Code == DnsCode.NoError) return;
        throw new FlowException(
            FlowError.IpcpFailed,
            $"DNS server {server} answered {response.Code} to an update of zone '{_settings.Zone}'; it must be authoritative for the zone and allow updates from here");
    }

    private async Task<DnsResponse> TalkAsync(IReadOnlyList<DnsRequest> requests, IReadOnlyList<IPEndPoint> servers, CancellationToken cancellationToken)
    {
        Random random;
        lock (_random) random = new Random(_random.Next());
        var dialogue = new DnsDialogue(requests, servers, random);
        using var sockets = new DnsSockets(_settings.Namespace);
        while (!dialogue.IsOver)
        {
            if (dialogue.TryTransmit(Now, out var server, out var message) && !sockets.TrySend(message.Span, server))
            {
                dialogue.OnTimeout();
                continue;
            }
            if (await sockets.ReceiveAsync(_time, dialogue.Deadline - Now, cancellationToken).ConfigureAwait(false) is { } datagram)
            {
                dialogue.Receive(datagram.Buffer, datagram.RemoteEndPoint);
            }
            else
            {
                dialogue.OnTimeout();
            }
        }
        return dialogue.Response ?? throw new FlowException(FlowError.TimedOut, $"no DNS server answered ({string.Join(", ", servers)}); is it running and reachable?");
    }

    private TimeSpan Now => _time.GetElapsedTime(0, _time.GetTimestamp());

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

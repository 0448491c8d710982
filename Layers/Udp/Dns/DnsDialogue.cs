using System.Buffers.Binary;
using System.Net;
using Ouroboros.Layers.Udp.Dns.Wire;

namespace Ouroboros.Layers.Udp.Dns;

/// <summary>
/// One dialogue with DNS servers, a sans-I/O core: sends a request, again and to the next server until one answers or all tries are used, then
/// the next request if the answer was that there is nothing. A plain class: datagrams and <c>now</c> in, datagrams and a deadline out.
/// </summary>
public sealed class DnsDialogue
{
    /// <summary>How long a server has before each further try; the first fit into the 200 ms that the IRMd waits for a layer.</summary>
    internal static readonly TimeSpan[] Patience = [.. new[] { 80, 160, 320, 640, 1280 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private readonly IReadOnlyList<DnsRequest> _requests;
    private readonly IReadOnlyList<IPEndPoint> _servers;
    private readonly Random _random;
    private readonly HashSet<IPEndPoint> _refused = [];
    private byte[] _message = [];
    private int _request = -1;
    private int _tries;
    private int _server;
    private bool _transmit;

    /// <summary>Makes a dialogue that begins at once.</summary>
    /// <param name="requests">What to ask, in order, until there is something; at least one.</param>
    /// <param name="servers">Whom to ask, in order of preference; at least one.</param>
    /// <param name="random">Source of the ids.</param>
    public DnsDialogue(IReadOnlyList<DnsRequest> requests, IReadOnlyList<IPEndPoint> servers, Random random)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfZero(requests.Count);
        ArgumentOutOfRangeException.ThrowIfZero(servers.Count);
        (_requests, _servers, _random) = (requests, servers, random);
        Next();
    }

    /// <summary>Whether it is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the servers said in the end; null while it is not over, and when none answered.</summary>
    public DnsResponse? Response { get; private set; }

    /// <summary>When <see cref="OnTimeout"/> is due; meaningless when it is over.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Datagrams that were none of ours: from elsewhere, with another id, or damaged.</summary>
    public int Ignored { get; private set; }

    /// <summary>Gives the datagram that is to be sent now, if there is one.</summary>
    /// <param name="now">The time.</param>
    /// <param name="server">Where to.</param>
    /// <param name="message">The datagram; valid until the next call.</param>
    public bool TryTransmit(TimeSpan now, out IPEndPoint server, out ReadOnlyMemory<byte> message)
    {
        server = _servers[_server];
        message = _message;
        if (!_transmit) return false;
        _transmit = false;
        Deadline = now + Patience[_tries++];
        return true;
    }

    /// <summary>Takes a datagram.</summary>
    /// <param name="datagram">Its bytes, whatever they are.</param>
    /// <param name="from">Where it came from.</param>
    public void Receive(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        if (IsOver) return;
        var request = _requests[_request];
        if (!_servers.Contains(from) || !DnsResponse.TryParse(datagram, BinaryPrimitives.ReadUInt16BigEndian(_message), request, out var response))
        {
            Ignored++;
            return;
        }
        Response = response;
        if (response.Code == DnsCode.NoError && (request.IsUpdate || response.Addresses.Count > 0)) IsOver = true;
        else if (response.Code is DnsCode.NoError or DnsCode.NameError) Next();
        else if (_refused.Add(from) && _refused.Count < _servers.Count) Again();
        else IsOver = _refused.Count == _servers.Count;
    }

    /// <summary>Nobody has answered until the <see cref="Deadline"/>, or the datagram could not be sent.</summary>
    public void OnTimeout()
    {
        if (!IsOver) Again();
    }

    private void Again()
    {
        if (_tries == Patience.Length)
        {
            IsOver = true;
            return;
        }
        do _server = (_server + 1) % _servers.Count;
        while (_refused.Contains(_servers[_server]));
        _transmit = true;
    }

    private void Next()
    {
        if (_request + 1 == _requests.Count)
        {
            IsOver = true;
            return;
        }
        _message = _requests[++_request].Message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(_message, (ushort)_random.Next(ushort.MaxValue + 1));
        _refused.Clear();
        _tries = 0;
        _transmit = true;
    }
}

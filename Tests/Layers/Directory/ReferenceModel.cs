using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>
/// A member that does what dht.md sections 7 and 8 say of the reference, as far as others see it: it believes every sender to be a contact, picks contacts
/// without regard to the key, asks three of them once, takes values as long as it waits, and stores at three. Nothing leaves its table.
/// </summary>
internal sealed class ReferenceModel
{
    private const int K = 8;
    private const int Alpha = 3;
    private const int Wait = 2;

    private readonly DhtNetwork _network;
    private readonly NetworkNode _node;
    private readonly List<DhtContact> _contacts = [];
    private readonly Dictionary<DhtKey, List<ulong>> _values = [];
    private readonly HashSet<DhtKey> _registered = [];
    private readonly Dictionary<DhtKey, Dictionary<ulong, ulong>> _requests = [];
    private readonly Dictionary<DhtKey, ulong> _found = [];
    private readonly Random _random;

    public ReferenceModel(DhtNetwork network, ulong address, ulong peer)
    {
        _network = network;
        _random = new Random((int)address);
        _node = network.Add(address, stub: Receive);
        if (peer != 0) Ask(peer, _node.Id, forValues: false);
    }

    public ulong Address => _node.Address;

    /// <summary>Section 8.6: at three contacts, and never again before long.</summary>
    public void Register(DhtKey key)
    {
        _registered.Add(key);
        foreach (var contact in Pick(Alpha))
        {
            Send(contact.Address, new DhtMessage
            {
                Code = DhtCode.Store,
                Source = Self,
                Key = key,
                Value = Address,
                Expiry = (uint)_network.Now.UnixSeconds + 86400,
            });
        }
    }

    /// <summary>Section 8.5: own values first, else three requests and no more; 0 when nothing came within two seconds.</summary>
    public ulong Query(DhtKey key)
    {
        if (_values.GetValueOrDefault(key) is { Count: > 0 } here) return here[0];
        if (_found.TryGetValue(key, out var cached)) return cached;
        foreach (var contact in Pick(Alpha)) Ask(contact.Address, key, forValues: true);
        _network.Run(Wait);
        if (!_found.TryGetValue(key, out var found)) _requests.Remove(key);
        return found;
    }

    private DhtContact Self => new(_node.Id, Address);

    // Section 8.3: once the table has split, those with the lowest first bytes, whatever the key; before, the oldest.
    private IEnumerable<DhtContact> Pick(int count) => (_contacts.Count > K ? _contacts.OrderBy(c => c.Id.Span[0]) : _contacts.AsEnumerable()).Take(count);

    private void Ask(ulong address, DhtKey key, bool forValues)
    {
        var cookie = (ulong)_random.NextInt64(1, long.MaxValue);
        if (!_requests.TryGetValue(key, out var peers)) _requests[key] = peers = [];
        // Whoever was asked for this key is not asked again.
        if (!peers.TryAdd(address, cookie)) return;
        Send(address, new DhtMessage
        {
            Code = forValues ? DhtCode.FindValueRequest : DhtCode.FindNodeRequest,
            Source = Self,
            Key = key,
            Cookie = cookie,
        });
    }

    private void Receive(ulong from, byte[] bytes)
    {
        Assert.That(DhtEnvelope.TryParse(bytes, out var message), Is.True, "a reference member drops what it cannot read");
        var source = new DhtContact(new DhtKey(message.Source.Id), message.Source.Address);
        switch ((DhtCode)message.Code)
        {
            case DhtCode.Store:
                Learn(source);
                if (message.Store.Expiry < _network.Now.UnixSeconds || !AddressValue.TryRead(message.Store.Value, out var value)) return;
                var key = new DhtKey(message.Store.Key);
                if (!_values.TryGetValue(key, out var values)) _values[key] = values = [];
                if (!values.Contains(value)) values.Add(value);
                break;
            case DhtCode.FindNodeRequest or DhtCode.FindValueRequest:
                Learn(source);
                Answer(message, source);
                break;
            default:
                OnAnswer(message, source);
                break;
        }
    }

    private void Answer(in DhtEnvelope request, in DhtContact source)
    {
        var key = new DhtKey(request.Find.Key);
        var forValues = (DhtCode)request.Code == DhtCode.FindValueRequest;
        var values = _values.GetValueOrDefault(key, []).Concat(_registered.Contains(key) ? [Address] : []).Take(8);
        Send(source.Address, new DhtMessage
        {
            Code = forValues ? DhtCode.FindValueAnswer : DhtCode.FindNodeAnswer,
            Source = Self,
            Key = key,
            Cookie = request.Find.Cookie,
            Contacts = Pick(K).ToArray(),
            Values = forValues ? values.ToArray() : [],
        });
    }

    // Section 6: the cookie has to be one of a request for this key; it is not used up.
    private void OnAnswer(in DhtEnvelope answer, in DhtContact source)
    {
        var key = new DhtKey(answer.Node.Key);
        if (!_requests.TryGetValue(key, out var peers) || !peers.ContainsValue(answer.Node.Cookie)) return;
        Learn(source);
        foreach (var contact in answer.Node) Learn(new DhtContact(new DhtKey(contact.Id), contact.Address));
        foreach (var value in answer.Values)
        {
            if (AddressValue.TryRead(value, out var address) && address != Address) _found.TryAdd(key, address);
        }
    }

    private void Learn(DhtContact contact)
    {
        if (contact.Address == Address) return;
        _contacts.RemoveAll(c => c.Address == contact.Address);
        _contacts.Add(contact);
    }

    private void Send(ulong to, in DhtMessage message) => _node.SendAs(to, message);
}

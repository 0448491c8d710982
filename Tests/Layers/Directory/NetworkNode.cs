using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Tests.Layers.Dht;

/// <summary>A node of a <see cref="DhtNetwork"/>, or a stub that a test drives by hand.</summary>
internal sealed class NetworkNode : IDhtOutput
{
    private readonly DhtNetwork _network;
    private readonly Action<ulong, byte[]>? _stub;

    public NetworkNode(DhtNetwork network, ulong address, DhtOptions options, DhtKey id, Action<ulong, byte[]>? stub)
    {
        _network = network;
        _stub = stub;
        Address = address;
        Id = id;
        Core = new DhtNode(options, id, address, this, new Random((int)address));
    }

    public ulong Address { get; }

    public DhtKey Id { get; }

    public DhtNode Core { get; }

    public long ArmedFor { get; set; } = long.MaxValue;

    public List<DhtQueryResult> Results { get; } = [];

    public ulong[] KnownMembers { get; set; } = [];

    public IEnumerable<DhtContact> Contacts
    {
        get
        {
            var contacts = new DhtContact[1024];
            return contacts[..Core.CopyContacts(contacts)];
        }
    }

    public void Receive(ulong from, byte[] bytes)
    {
        if (_stub is not null) _stub(from, bytes);
        else Core.Receive(bytes, _network.NowAt(Address));
    }

    /// <summary>Sends as this node whatever a test likes.</summary>
    public void SendAs(ulong to, in DhtMessage message)
    {
        var bytes = new byte[message.Size];
        message.Write(bytes);
        _network.Send(Address, to, bytes);
    }

    public bool Send(ulong address, in DhtMessage message)
    {
        if (!_network.Route(Address, address)) return false;
        SendAs(address, message);
        return true;
    }

    public bool CanReach(ulong address) => _network.Route(Address, address);

    public int Members(Span<ulong> into)
    {
        KnownMembers.CopyTo(into);
        return KnownMembers.Length;
    }

    public void Complete(in DhtQueryResult result) => Results.Add(result);
}

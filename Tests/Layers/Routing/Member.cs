using Ouroboros.Layers.Unicast.Forwarding;
using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Tests.Layers.Routing;

/// <summary>One core, what it was given and what it gave; management flow N goes to the neighbour with address N.</summary>
internal sealed class Member : ILinkStateOutput
{
    public Member(ulong self, LinkStateConfig? config = null, long now = 0)
    {
        Now = now;
        Node = new LinkStateNode(config ?? LinkStateConfig.Default, self, this, new Random((int)self), now);
    }

    public LinkStateNode Node { get; }

    public long Now { get; set; }

    /// <summary>What was sent since the last look, by flow.</summary>
    public List<(int Flow, Lsa Lsa)> Sent { get; } = [];

    public int Fillers { get; private set; }

    public int Installs { get; private set; }

    public List<ulong> Lost { get; } = [];

    public List<ulong> Gained { get; } = [];

    public HashSet<int> Blocked { get; } = [];

    public IReadOnlyList<Route> Routes { get; private set; } = [];

    bool ILinkStateOutput.Send(int flow, ReadOnlySpan<byte> message)
    {
        if (Blocked.Contains(flow)) return false;
        if (message.Length == 1)
        {
            Fillers++;
            return true;
        }
        Assert.That(Lsa.TryParse(message, out var lsa), Is.True);
        Assert.That(lsa.Link.Source, Is.Not.EqualTo(lsa.Link.Destination).And.Not.Zero);
        Assert.That(lsa.Link.Destination, Is.Not.Zero);
        Sent.Add((flow, lsa));
        return true;
    }

    void ILinkStateOutput.Install(IReadOnlyList<Route> routes)
    {
        Routes = routes;
        Installs++;
    }

    void ILinkStateOutput.AddressLost(ulong address) => Lost.Add(address);

    void ILinkStateOutput.AddressesGained(IReadOnlyList<ulong> addresses, int members)
    {
        Gained.AddRange(addresses);
        Assert.That(members, Is.EqualTo(Routes.Count));
    }

    /// <summary>A connection of both components.</summary>
    public Member Connect(ulong peer)
    {
        Node.AddManagement((int)peer, peer, Now);
        Node.AddLink(1000 + (int)peer, peer, Now);
        return this;
    }

    public void Hear(int flow, ulong source, ulong destination, ulong sequence) => Hear(flow, new Lsa(source, destination, sequence));

    public void Hear(int flow, Lsa lsa)
    {
        Span<byte> message = stackalloc byte[Lsa.AnnouncementSize];
        Node.Receive(flow, message[..lsa.Write(message)], Now);
    }

    public void HearWithdrawal(int flow, ulong source, ulong destination, ulong sequence) =>
        Hear(flow, new Lsa(new LinkKey(source, destination), sequence, Withdrawn: true));

    /// <summary>Lets time pass, deadline by deadline.</summary>
    public void Advance(double seconds)
    {
        var end = Now + (long)(seconds * 1000);
        for (var rounds = 0; Node.NextDeadline <= end; rounds++)
        {
            Assert.That(rounds, Is.LessThan(100_000), "deadlines do not move on");
            Now = Math.Max(Now, Node.NextDeadline);
            Node.Tick(Now);
        }
        Now = end;
    }

    /// <summary>What was sent on a flow since the last look, as text: <c>SOURCE-DESTINATION SEQUENCE</c>.</summary>
    public string Take(int flow)
    {
        var text = string.Join(", ", Sent.Where(s => s.Flow == flow).Select(s => $"{s.Lsa.Link.Source}-{s.Lsa.Link.Destination} {s.Lsa.Sequence}{(s.Lsa.Withdrawn ? " gone" : "")}"));
        Sent.RemoveAll(s => s.Flow == flow);
        return text;
    }

    public string Via(ulong destination) =>
        string.Join(' ', Routes.FirstOrDefault(r => r.Destination == destination).NextHops ?? []);
}

using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Connections;

namespace Ouroboros.Tests.Runtime.Unicast;

/// <summary>Members of a unicast layer that live in one runtime: they reach each other by their names, without a layer below.</summary>
public sealed class MemberTests : RuntimeTest
{
    private static readonly string[] s_parts = ["dt", "fa", "connections", "routing", "directory", "enrolment"];

    [TearDown]
    public async Task DestroyMembers()
    {
        foreach (var ipcp in await Node.Irm.ListIpcpsAsync()) await Node.Irm.DestroyIpcpAsync(ipcp.Id);
    }

    [Test]
    public async Task A_member_enrols_with_another_and_gets_its_configuration_and_no_neighbour()
    {
        var first = await Bootstrap("n1", new UnicastConfig(new LayerInfo("net", DirectoryHash.Sha3_384)) { MaxTtl = 9, Congestion = 0 });
        var second = await Enrol("n2", "n1");

        Assert.That(second.Layer, Is.EqualTo(new LayerInfo("net", DirectoryHash.Sha3_384)));
        var (a, b) = (await Status("n1"), await Status("n2"));
        Assert.That(b.Address, Is.Not.Zero.And.Not.EqualTo(a.Address));
        Assert.That(b.DataTransfer!.Config.MaxTtl, Is.EqualTo(9));
        Assert.That(a.Connections.Concat(b.Connections), Is.Empty, "enrolment makes no neighbour");
        await Until(async () => (await Status("n1")).EnrolmentCounters.Completed == 1, "it is acknowledged");
        await Until(async () => (await Node.Irm.ListFlowsAsync()).All(f => f.State == Ouroboros.Runtime.Irmd.FlowState.AcceptPending), "its flow is released");
    }

    [Test]
    public async Task Connected_members_are_neighbours_and_routed_to()
    {
        await Line(2);
        await Routed("n1", "n2");
        var (a, b) = (await Status("n1"), await Status("n2"));
        Assert.That(a.Connections.Select(c => (c.Component, c.Peer, c.Initiated)), Is.EquivalentTo(new[] { ("Management", b.Address, false), ("Data Transfer", b.Address, false) }));
        Assert.That(b.Connections.Select(c => (c.Component, c.Peer, c.Destination)), Is.EquivalentTo(new[] { ("Management", a.Address, "n1"), ("Data Transfer", a.Address, "n1") }));
    }

    [Test]
    public async Task The_third_in_line_is_reached_through_the_second_and_finds_its_directory_through_who_enrolled_it()
    {
        await Line(3);
        await Routed("n1", "n3");
        await Routed("n3", "n1");
    }

    [Test]
    public async Task Disconnected_on_either_side_there_is_no_neighbour_on_both()
    {
        var ids = await Line(2);
        await Routed("n1", "n2");
        await Node.Irm.DisconnectIpcpAsync(ids[1], "n1", ComponentNames.DataTransfer);
        await Until(async () => (await Status("n1")).Connections is [{ Component: "Management" }], "the other side is told");

        var address = UnicastAddress.Format((await Status("n2")).Address);
        await Node.Irm.DisconnectIpcpAsync(ids[0], address, ComponentNames.Management);
        await Until(async () => (await Status("n2")).Connections.Count == 0, "the other side is told");
        Assert.That(await ErrorOf(Node.Irm.DisconnectIpcpAsync(ids[0], "nobody", ComponentNames.Management)), Is.EqualTo(FlowError.NameUnknown));
    }

    [Test]
    public async Task What_cannot_be_is_refused_with_a_reason()
    {
        var id = await Bootstrap("n1", Net());
        await Node.Irm.CreateNameAsync(new Ouroboros.Runtime.Irmd.Protocol.NameInfo("nowhere"));
        var connect = await Failure(Node.Irm.ConnectIpcpAsync(id, "nowhere", ComponentNames.DataTransfer, QosSpec.Raw));
        Assert.That(connect.Error, Is.EqualTo(FlowError.IpcpFailed));
        var component = await Failure(Node.Irm.ConnectIpcpAsync(id, "n1", "Directory", QosSpec.Raw));
        Assert.That(component.Message, Does.Contain("'Data Transfer'"));
        var again = await Failure(Node.Irm.EnrollIpcpAsync(id, "n1"));
        Assert.That(again.Error, Is.EqualTo(FlowError.WrongIpcpState));

        var other = await Node.Irm.CreateIpcpAsync("n2", IpcpType.Unicast);
        Assert.That(await ErrorOf(Node.Irm.EnrollIpcpAsync(other.Id, "nosuch")), Is.EqualTo(FlowError.NameUnknown));
        Assert.That(await ErrorOf(Node.Irm.ConnectIpcpAsync(other.Id, "n1", ComponentNames.DataTransfer, QosSpec.Raw)), Is.EqualTo(FlowError.WrongIpcpState));
        Assert.That((await Node.Irm.EnrollIpcpAsync(other.Id, "n1")).Layer!.Name, Is.EqualTo("net"), "it stays ready to be enrolled");
    }

    [TestCaseSource(nameof(s_parts))]
    public async Task Every_part_can_be_killed_and_stopped_and_the_layer_goes_on(string part)
    {
        await Line(2);
        await Routed("n1", "n2");
        foreach (var end in new object[] { Kill.Instance, PoisonPill.Instance })
        {
            var before = await Status("n2");
            var actor = await Part("n2", part);
            actor!.Tell(end, ActorRefs.NoSender);
            // It answers behind what ended it: one that was killed is the same again, one that was stopped another.
            await Until(async () => await Part("n2", part) is { } now && now.Equals(actor) == end is Kill, "it is there again");
            var after = await Status("n2");
            Assert.That(after.Address, Is.EqualTo(before.Address));
            Assert.That(after.Connections.Select(c => c.Flow.Id), Is.EquivalentTo(before.Connections.Select(c => c.Flow.Id)), "connections stay");
            await Routed("n1", "n2");
            await Routed("n2", "n1");
        }
        // And it still works: another one enrols and connects. A flow that the part had in hand when it ended is lost, and who asked asks again.
        var third = await Node.Irm.CreateIpcpAsync("n3", IpcpType.Unicast);
        await Node.Irm.BindProcessAsync(third.Id, "n3");
        await Until(() => Enrols(third.Id, "n2"), "another one enrols");
        await Connect("n3", "n2");
        await Routed("n1", "n3");
    }

    [Test]
    public async Task An_enrolment_is_answered_whenever_its_actor_is_stopped()
    {
        await Line(1);
        for (var round = 0; round < 20; round++)
        {
            var other = await Node.Irm.CreateIpcpAsync("other", IpcpType.Unicast);
            var actor = await Part("other", "enrolment");
            // Before, while and after it is told to enrol, as the threads have it.
            var enrolment = round % 2 == 0 ? null : Node.Irm.EnrollIpcpAsync(other.Id, "n1");
            actor!.Tell(PoisonPill.Instance, ActorRefs.NoSender);
            enrolment ??= Node.Irm.EnrollIpcpAsync(other.Id, "n1");
            await ((Task)enrolment).WaitAsync(Soon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.That(enrolment.IsCompleted, "it is answered without that time passes");
            await Until(async () => await Enrols(other.Id, "n1") || await Status("other") is { Address: not 0 }, "it can be enrolled");
            await Node.Irm.DestroyIpcpAsync(other.Id);
        }
    }

    [Test]
    public async Task Options_of_its_own_are_used_when_it_enrols_and_again_when_it_is_put_back_and_the_rest_is_the_layers()
    {
        await Line(1);
        var id = (await Node.Irm.CreateIpcpAsync("other", IpcpType.Unicast)).Id;
        var own = Net() with { MaxTtl = 7, PeerTimeout = TimeSpan.FromSeconds(3) };
        await Node.Irm.EnrollIpcpAsync(id, "n1", own).WaitAsync(Soon);
        Assert.That(((await Status("other")).DataTransfer!.Config.MaxTtl, (await Status("other")).Config!.PeerTimeout.TotalSeconds), Is.EqualTo((60, 3)));
        Node.System.ActorSelection("/user/irmd/ipcps/other").Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single(i => i.Name == "other") is { State: IpcpState.Operational, Restarts: 1 }, "it is back");
        Assert.That((await Status("other")).Config!.PeerTimeout.TotalSeconds, Is.EqualTo(3));
    }

    [Test]
    public async Task The_RIB_shows_data_transfer_flows_links_and_directory_of_a_member_whichever_part_was_restarted()
    {
        await Line(2);
        await Routed("n1", "n2");
        var own = UnicastAddress.Format((await Status("n1")).Address);
        var other = UnicastAddress.Format((await Status("n2")).Address);
        foreach (var part in new[] { "routing", "directory" })
        {
            Node.System.ActorSelection($"/user/irmd/ipcps/n1/{part}").Tell(Kill.Instance, ActorRefs.NoSender);
            // It answers behind what ends it: what is listed from now on is the new one's.
            await Part("n1", part);
        }
        var expected = new[] { $"n1/dht/database", "n1/dht/stats", $"n1/dt.{own}/64", $"n1/lsdb/.dt {other}", $"n1/lsdb/.mgmt {other}", $"n1/lsdb/{other}--{own}", $"n1/lsdb/{own}--{other}" };
        await Until(
            async () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(20));
                await Status("n1");
                await Status("n2");
                return !expected.Except((await Node.Rib.ListAsync("n1"))!.Select(e => e.Path)).Any();
            },
            "everything is listed");
        Assert.That((await Node.Rib.ReadAsync($"n1/dt.{own}/64"))!.Text, Does.Contain(other));
        Assert.That((await Node.Rib.ReadAsync("n1/dht/stats"))!.Text, Does.Contain(own));
        Assert.That((await Node.Rib.ReadAsync($"n1/lsdb/{own}--{other}"))!.Text, Does.Contain(other).And.Contain("seqno:"));
    }

    [Test]
    public async Task A_killed_member_comes_back_enrolled_connected_and_with_its_names()
    {
        var ids = await Line(3);
        await Node.Irm.CreateNameAsync(new Ouroboros.Runtime.Irmd.Protocol.NameInfo("svc"));
        await Node.Irm.RegisterNameAsync("svc", ids[1]);
        await Routed("n1", "n3");
        var before = (await Status("n2")).Address;

        Node.System.ActorSelection("/user/irmd/ipcps/n2").Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(
            async () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(50));
                return (await Node.Irm.ListIpcpsAsync()).Single(i => i.Name == "n2") is { State: IpcpState.Operational, Restarts: 1 };
            },
            "it is back");
        Assert.That((await Status("n2")).Address, Is.EqualTo(before), "the member that it was");
        await Routed("n1", "n3");
        await Routed("n3", "n2");
        var directory = await Node.System.ActorSelection("/user/irmd/ipcps/n2").Ask<IpcpProtocol.Answer>(
            new IpcpProtocol.Unregister(7, NameHash.Of(DirectoryHash.Sha3_256, "svc")), Soon);
        Assert.That(directory.Error, Is.EqualTo(FlowError.None), "its name is registered");
    }

    [Test]
    public async Task The_first_member_may_be_killed_and_the_others_connect_to_it_again()
    {
        await Line(3);
        await Routed("n1", "n3");
        Node.System.ActorSelection("/user/irmd/ipcps/n1").Tell(Kill.Instance, ActorRefs.NoSender);
        await Until(async () => (await Node.Irm.ListIpcpsAsync()).Single(i => i.Name == "n1") is { State: IpcpState.Operational, Restarts: 1 }, "it is back");
        await Routed("n3", "n1");
    }

    private static UnicastConfig Net() => new(new LayerInfo("net", DirectoryHash.Sha3_256));

    private async Task<int> Bootstrap(string name, UnicastConfig config)
    {
        var ipcp = await Node.Irm.CreateIpcpAsync(name, IpcpType.Unicast);
        await Node.Irm.BindProcessAsync(ipcp.Id, name);
        await Node.Irm.BootstrapIpcpAsync(ipcp.Id, config);
        return ipcp.Id;
    }

    private async Task<Ouroboros.Runtime.Irmd.Protocol.IpcpInfo> Enrol(string name, string with)
    {
        var ipcp = await Node.Irm.CreateIpcpAsync(name, IpcpType.Unicast);
        await Node.Irm.BindProcessAsync(ipcp.Id, name);
        return await Node.Irm.EnrollIpcpAsync(ipcp.Id, with).WaitAsync(Soon);
    }

    private async Task<bool> Enrols(int id, string with)
    {
        try
        {
            await Node.Irm.EnrollIpcpAsync(id, with).WaitAsync(Soon);
            return true;
        }
        catch (FlowException)
        {
            return false;
        }
    }

    private async Task Connect(string name, string to)
    {
        var id = (await Node.Irm.ListIpcpsAsync()).Single(i => i.Name == name).Id;
        await Node.Irm.ConnectIpcpAsync(id, to, ComponentNames.Management, QosSpec.Raw).WaitAsync(Soon);
        await Node.Irm.ConnectIpcpAsync(id, to, ComponentNames.DataTransfer, QosSpec.Raw).WaitAsync(Soon);
    }

    /// <summary>Members n1, n2, ..., each connected to the one before.</summary>
    private async Task<int[]> Line(int count)
    {
        var ids = new List<int> { await Bootstrap("n1", Net()) };
        for (var i = 2; i <= count; i++)
        {
            ids.Add((await Enrol($"n{i}", $"n{i - 1}")).Id);
            await Connect($"n{i}", $"n{i - 1}");
        }
        return [.. ids];
    }

    private Task<UnicastProtocol.Status> Status(string name) =>
        Patient.AskAsync<UnicastProtocol.Status>(Node, $"/user/irmd/ipcps/{name}", UnicastProtocol.GetStatus.Instance);

    /// <summary>An actor of a member; null when there is none at the moment.</summary>
    private async Task<IActorRef?> Part(string ipcp, string part) =>
        (await Patient.AskAsync<ActorIdentity>(Node, $"/user/irmd/ipcps/{ipcp}/{part}", new Identify(0))).Subject;

    /// <summary>Lets time pass until one member has a route to another.</summary>
    private Task Routed(string from, string to) => Until(
        async () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(20));
            var (a, b) = (await Status(from), await Status(to));
            return b.Address != 0 && a.DataTransfer is { } transfer && transfer.Carrier.CanReach(b.Address);
        },
        $"{from} has a route to {to}");
}

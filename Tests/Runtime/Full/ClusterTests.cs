using Akka.Actor;
using Akka.Cluster;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Full;

/// <summary>Runtimes of one name form a cluster over the same TLS, and see the IRMd of every member.</summary>
public sealed class ClusterTests : RemotingTest
{
    private static readonly Credentials Root = new(0, 0, "irm");

    [Test]
    public async Task Nodes_of_one_authority_form_a_cluster_and_manage_each_other()
    {
        var authority = NewAuthority("nodes");
        var first = await StartAsync("ouroboros", Clustered(authority, "first"));
        var second = await StartAsync("ouroboros", Clustered(authority, "second"));
        var address = AddressOf(first);
        await Cluster.Get(first.System).JoinAsync(address).WaitAsync(Soon);
        await Cluster.Get(second.System).JoinAsync(address).WaitAsync(Soon);
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = first.System.ActorOf(Props.Create(() => new UpListener(both)));
        Cluster.Get(first.System).Subscribe(listener, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
        await both.Task.WaitAsync(Soon);
        Assert.That(Cluster.Get(first.System).State.Members.Select(m => m.Address), Is.EquivalentTo(new[] { address, AddressOf(second) }));
        Assert.That(await IrmdOf(second, first).Ask<IReadOnlyList<IpcpInfo>>(new IrmProtocol.ListIpcps(Root), Soon), Is.Empty);
        await Cluster.Get(second.System).LeaveAsync().WaitAsync(Soon);
    }

    private static string Clustered(Authority authority, string name) =>
        Remote(authority.IssueFile(name), authority.Pem, "akka.actor.provider = cluster").Replace("actor.provider = remote", "", StringComparison.Ordinal);

    private sealed class UpListener(TaskCompletionSource both) : UntypedActor
    {
        private int _up;

        protected override void OnReceive(object message)
        {
            if (message is ClusterEvent.MemberUp && ++_up == 2) both.TrySetResult();
        }
    }
}

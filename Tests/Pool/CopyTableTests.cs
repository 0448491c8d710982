using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>The copy table (packet-pool notes, section 4.3) and the pools' life with their users (4.1, 4.2).</summary>
[TestFixture]
public sealed class CopyTableTests : PoolTest
{
    private static readonly PacketPoolOptions Few = Pools.Options with { Counts = new PoolCounts { Blocks512 = 2 } };

    [TestCase(0u, 0u, false, TransferPath.GlobalToGlobal, 0)]
    [TestCase(0u, 0u, true, TransferPath.GlobalToGlobal, 0)]
    [TestCase(7u, 7u, true, TransferPath.UserToSameUserDirect, 0)]
    [TestCase(7u, 7u, false, TransferPath.UserToSameUser, 0)]
    [TestCase(7u, 8u, false, TransferPath.UserToOtherUser, 1)]
    [TestCase(7u, 0u, false, TransferPath.UserToGlobal, 1)]
    [TestCase(0u, 7u, false, TransferPath.GlobalToUser, 1)]
    public void Each_row_costs_its_copies_and_is_counted(uint from, uint to, bool direct, TransferPath path, int copies)
    {
        PacketPool source = Make(from), destination = from == to ? source : Make(to);
        var transfer = new PoolTransfer();
        Packet p = source.Rent(30);
        p.Span.Fill(0x11);
        p.PushHeader(5).Fill(0x22);
        Assert.That(PoolTransfer.PathOf(source, destination, direct), Is.EqualTo(path));
        Assert.That(transfer.Transfer(p, destination, out Packet moved, direct), Is.EqualTo(FlowError.None));
        Assert.That(moved == p, Is.EqualTo(copies == 0));
        Assert.That(moved.Pool, Is.EqualTo(destination));
        Assert.That(moved.HeadRoom, Is.EqualTo(copies == 0 ? 251 : 256), "a copy has fresh head room");
        Assert.That(moved.Span.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)0x22, 5).Concat(Enumerable.Repeat((byte)0x11, 30))));
        Assert.That(source.Outstanding + (source == destination ? 0 : destination.Outstanding), Is.EqualTo(1));
        foreach (TransferCount row in transfer.Counts())
            Assert.That((row.Packets, row.Bytes, row.Dropped), Is.EqualTo(row.Path == path ? (1L, 35L, 0L) : (0L, 0L, 0L)), row.ToString());
        Assert.That(transfer.Count(path).Copies, Is.EqualTo(copies));
        moved.Dispose();
    }

    [TestCase(7u, 8u)]
    [TestCase(7u, 0u)]
    [TestCase(0u, 7u)]
    public void Direct_between_two_trust_domains_is_not_permitted(uint from, uint to)
    {
        PacketPool source = Make(from), destination = Make(to);
        var transfer = new PoolTransfer();
        Assert.That(PoolTransfer.AllowsDirect(source, destination), Is.False);
        Assert.That(transfer.Transfer(source.Rent(1), destination, out Packet none, direct: true), Is.EqualTo(FlowError.NotPermitted));
        Assert.That(none.IsNull, Is.True);
        Assert.That(source.Outstanding, Is.Zero, "it is dropped");
        Assert.That(transfer.Counts().Sum(c => c.Dropped), Is.EqualTo(1));
        Assert.That(transfer.Counts().Sum(c => c.Packets), Is.Zero);
    }

    [Test]
    public void Direct_within_one_trust_domain_is_permitted()
    {
        PacketPool user = Make(7), global = Make(0);
        Assert.That(PoolTransfer.AllowsDirect(user, user) && PoolTransfer.AllowsDirect(global, global), Is.True);
    }

    [Test]
    public void A_packet_for_which_the_destination_has_no_block_is_dropped_and_counted()
    {
        PacketPool source = Make(0), destination = Make(7);
        List<Packet> all = Exhaust(destination, 1);
        var transfer = new PoolTransfer();
        Assert.That(transfer.Transfer(source.Rent(1), destination, out Packet none), Is.EqualTo(FlowError.OutOfMemory));
        Assert.That((none.IsNull, source.Outstanding), Is.EqualTo((true, 0L)));
        Assert.That(transfer.Count(TransferPath.GlobalToUser), Is.EqualTo(new TransferCount(TransferPath.GlobalToUser, 1, 0, 0, 1)));
        DisposeAll(all);
    }

    [Test]
    public void A_packet_that_does_not_fit_the_destination_is_dropped_and_counted()
    {
        PacketPool source = Use(Pools.Global()), destination = Use(Pools.User());
        var transfer = new PoolTransfer();
        Assert.That(transfer.Transfer(source.Rent(261_829), destination, out _), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(transfer.Transfer(source.Rent(261_828), destination, out Packet moved), Is.EqualTo(FlowError.None));
        Assert.That(transfer.Count(TransferPath.GlobalToUser), Is.EqualTo(new TransferCount(TransferPath.GlobalToUser, 1, 1, 261_828, 1)));
        moved.Dispose();
    }

    [Test]
    public void An_empty_packet_is_copied_like_any_other()
    {
        PacketPool source = Make(7), destination = Make(0);
        var transfer = new PoolTransfer();
        Assert.That(transfer.Transfer(source.Rent(0), destination, out Packet moved), Is.EqualTo(FlowError.None));
        Assert.That((moved.Length, moved.Pool), Is.EqualTo((0, destination)));
        Assert.That(transfer.Count(TransferPath.UserToGlobal).Packets, Is.EqualTo(1));
        moved.Dispose();
    }

    [Test]
    public void A_packet_with_other_holders_is_copied_and_they_keep_it()
    {
        PacketPool source = Make(7), destination = Make(0);
        Packet p = source.Rent(3);
        p.Span.Fill(9);
        p.Retain();
        Assert.That(new PoolTransfer().Transfer(p, destination, out Packet moved), Is.EqualTo(FlowError.None));
        moved.Span.Clear();
        Assert.That(p.References, Is.EqualTo(1));
        Assert.That(p.Span.ToArray(), Is.All.EqualTo(9));
        p.Dispose();
        moved.Dispose();
    }

    [Test]
    public void TransferTo_wants_a_packet_of_its_own_pool()
    {
        PacketPool one = Make(0), two = Make(7);
        using Packet p = one.Rent(1);
        Assert.Throws<ArgumentException>(() => two.TransferTo(p, one, out _));
        Assert.That(p.Length, Is.EqualTo(1), "still the caller's");
    }

    [Test]
    public void Transfers_on_many_threads_are_all_counted()
    {
        PacketPool source = Use(Pools.Global()), destination = Use(Pools.User());
        var transfer = new PoolTransfer();
        Parallel.For(0, 4000, i =>
        {
            transfer.Transfer(source.Rent(i % 100), destination, out Packet moved);
            moved.Dispose();
        });
        TransferCount row = transfer.Count(TransferPath.GlobalToUser);
        Assert.That((row.Packets, row.Dropped, row.Bytes), Is.EqualTo((4000L, 0L, 40 * 4950L)));
    }

    [Test]
    public void Privileged_users_share_the_global_pool_and_others_have_their_own()
    {
        using var domains = new TrustDomains(Few, Few, uid => uid == 50);
        Assert.That(domains.Attach(0, 0), Is.SameAs(domains.Global));
        Assert.That(domains.Attach(50, 50), Is.SameAs(domains.Global));
        PacketPool seven = domains.Attach(7, 70), again = domains.Attach(7, 70), eight = domains.Attach(8, 80);
        Assert.That(seven, Is.SameAs(again).And.Not.SameAs(eight).And.Not.SameAs(domains.Global));
        Assert.That((seven.Owner, seven.OwnerGroup, domains.Global.Owner), Is.EqualTo((7u, 70u, 0u)));
        Assert.That(domains.Users, Is.EqualTo(new uint[] { 7, 8 }));
    }

    [Test]
    public void A_users_pool_goes_with_the_last_process_and_the_next_one_gets_a_new_pool()
    {
        using var domains = new TrustDomains(Few, Few, _ => false);
        PacketPool pool = domains.Attach(7, 7);
        domains.Attach(7, 7);
        domains.Detach(7);
        pool.Rent(1).Dispose();
        domains.Detach(7);
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(1));
        Assert.That(domains.Users, Is.Empty);
        Assert.Throws<InvalidOperationException>(() => domains.Detach(7));
        PacketPool next = domains.Attach(7, 7);
        Assert.That(next, Is.Not.SameAs(pool));
        next.Rent(1).Dispose();
    }

    [Test]
    public void Packets_under_way_outlive_the_last_process_of_their_user()
    {
        using var domains = new TrustDomains(Few, Few, _ => false);
        Packet p = domains.Attach(7, 7).Rent(3);
        p.Span.Fill(8);
        domains.Detach(7);
        Assert.That(domains.Transfer(p, domains.Global, out Packet moved), Is.EqualTo(FlowError.None));
        Assert.That(moved.Span.ToArray(), Is.All.EqualTo(8));
        Assert.That(domains.Transfers.Count(TransferPath.UserToGlobal).Packets, Is.EqualTo(1));
        moved.Dispose();
    }

    [Test]
    public void Disposing_the_domains_names_leaks_of_every_pool()
    {
        var domains = new TrustDomains(Few, Few, _ => false);
        Packet a = domains.Global.Rent(1), b = domains.Attach(7, 7).Rent(1), c = domains.Attach(8, 8).Rent(1);
        domains.Detach(8);
        string report = Assert.Throws<InvalidOperationException>(domains.Dispose)!.Message;
        Assert.That(report, Does.Contain("global").And.Contain("user 7").And.Contain("user 8").And.Contain(nameof(CopyTableTests)));
        DisposeAll([a, b, c]);
        Assert.DoesNotThrow(domains.Dispose);
        Assert.Throws<ObjectDisposedException>(() => domains.Attach(9, 9));
    }

    private PacketPool Make(uint uid) => Use(uid == 0 ? Pools.Global(Few) : Pools.User(uid, Few));
}

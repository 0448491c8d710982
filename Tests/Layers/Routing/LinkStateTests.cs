using Ouroboros.Layers.Unicast.Routing;
using Ouroboros.Layers.Unicast.Routing.Wire;

namespace Ouroboros.Tests.Layers.Routing;

/// <summary>The rules of routing-and-broadcast.md A4 and A9, one member at a time.</summary>
public sealed class LinkStateTests
{
    [Test]
    public void A_new_link_is_announced_with_0_once_more_a_second_later_then_with_the_next_number_within_each_update_interval()
    {
        var member = new Member(1);
        member.Node.AddManagement(2, 2, 0);
        member.Node.AddLink(1002, 2, 0);
        Assert.That(member.Take(2), Is.EqualTo("1-2 0"));
        member.Advance(1.5);
        // The link and the database are told again: where the neighbour was not ready yet nothing else would tell it.
        Assert.That(member.Take(2), Is.EqualTo("1-2 1, 1-2 1"));
        for (var n = 2; n <= 4; n++)
        {
            var before = n == 2 ? 0 : member.Now;
            while (member.Sent.Count == 0) member.Advance(0.1);
            Assert.That(member.Now - before, Is.InRange(13_000, 15_100));
            Assert.That(member.Take(2), Is.EqualTo($"1-2 {n}"));
        }
    }

    [Test]
    public void A_link_counts_when_both_ends_announce_it()
    {
        var member = new Member(1).Connect(2);
        member.Advance(1);
        Assert.That(member.Routes, Is.Empty);
        member.Hear(2, 2, 1, 0);
        member.Advance(0.1);
        Assert.That(member.Via(2), Is.EqualTo("2"));
    }

    [Test]
    public void News_go_to_all_neighbours_but_the_one_they_came_from_and_what_is_old_goes_nowhere()
    {
        var member = new Member(1).Connect(2).Connect(3).Connect(4);
        member.Sent.Clear();
        member.Hear(2, 8, 9, 5);
        Assert.That((member.Take(2), member.Take(3), member.Take(4)), Is.EqualTo(("", "8-9 5", "8-9 5")));
        member.Hear(3, 8, 9, 5);
        member.Hear(3, 8, 9, 4);
        Assert.That(member.Sent, Is.Empty);
        member.Hear(3, 8, 9, 6);
        Assert.That((member.Take(2), member.Take(3), member.Take(4)), Is.EqualTo(("8-9 6", "", "8-9 6")));
        Assert.That((member.Node.Counters.News, member.Node.Counters.Old), Is.EqualTo((2L, 2L)));
    }

    [Test]
    public void A_new_neighbour_is_given_the_database_by_destination_then_source()
    {
        var member = new Member(1).Connect(2);
        member.Hear(2, 5, 4, 7);
        member.Hear(2, 4, 5, 8);
        member.Hear(2, 3, 4, 9);
        member.Node.AddManagement(6, 6, 0);
        Assert.That(member.Take(6), Is.EqualTo("1-2 0, 3-4 9, 5-4 7, 4-5 8"));
    }

    [Test]
    public void What_nobody_refreshes_ages_out_and_the_way_with_it()
    {
        var member = new Member(1).Connect(2);
        member.Hear(2, 2, 1, 0);
        member.Hear(2, 2, 3, 0);
        member.Hear(2, 3, 2, 0);
        member.Advance(40);
        Assert.That(member.Via(3), Is.EqualTo("2"));
        member.Hear(2, 2, 1, 1);
        member.Hear(2, 2, 3, 1);
        // An old one does not make it younger.
        member.Hear(2, 3, 2, 0);
        member.Advance(19.9);
        Assert.That(member.Via(3), Is.EqualTo("2"));
        member.Advance(0.3);
        Assert.That((member.Via(3), member.Via(2)), Is.EqualTo(("", "2")));
        Assert.That(member.Lost, Is.EqualTo(new[] { 3UL }));
        Assert.That(member.Node.Counters.Expired, Is.EqualTo(1));
    }

    [Test]
    public void Own_links_never_age()
    {
        var member = new Member(1, LinkStateConfig.Default with { Update = TimeSpan.FromHours(1), Timeout = TimeSpan.FromSeconds(3) }).Connect(2);
        member.Advance(100);
        Assert.That(member.Node.LinkCount, Is.EqualTo(1));
        Assert.That(member.Sent, Has.Count.GreaterThan(90), "announced at least three times within the time that links live");
    }

    [Test]
    public void A_link_that_goes_is_out_of_the_table_at_once_and_withdrawn_until_nobody_can_have_it()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Hear(2, 2, 1, 0);
        member.Hear(2, 2, 3, 0);
        member.Hear(3, 3, 2, 0);
        member.Hear(3, 3, 1, 0);
        member.Advance(2);
        Assert.That(member.Via(2), Is.EqualTo("2"));
        member.Sent.Clear();
        member.Node.RemoveLink(1002, member.Now);
        Assert.That(member.Via(2), Is.EqualTo("3"));
        Assert.That(member.Take(3), Is.EqualTo("1-2 2 gone"));
        member.Advance(1.5);
        Assert.That(member.Take(3), Is.EqualTo("1-2 3 gone"));
        member.Advance(16);
        Assert.That(member.Take(3), Does.Contain("1-2 4 gone"));
        member.Sent.Clear();
        // Refreshed by the others, so that only the withdrawn link changes.
        member.Advance(100);
        Assert.That(member.Take(3), Does.Contain("gone"));
        member.Advance(100);
        Assert.That(member.Take(3), Does.Not.Contain("1-2"));
    }

    [Test]
    public void A_withdrawn_link_is_gone_at_once_and_older_announcements_of_it_are_not_believed()
    {
        var member = new Member(1).Connect(2).Connect(9);
        member.Hear(2, 2, 1, 0);
        member.Hear(2, 2, 3, 4);
        member.Hear(2, 3, 2, 4);
        member.Advance(1);
        Assert.That(member.Via(3), Is.EqualTo("2"));
        member.Sent.Clear();
        member.HearWithdrawal(2, 3, 2, 5);
        Assert.That(member.Take(9), Is.EqualTo("3-2 5 gone"));
        member.Advance(0.1);
        Assert.That(member.Via(3), Is.Empty);
        member.Hear(2, 3, 2, 5);
        member.Hear(2, 3, 2, 4);
        member.Advance(0.1);
        Assert.That(member.Via(3), Is.Empty);
        member.Hear(2, 3, 2, 6);
        member.Advance(0.1);
        Assert.That(member.Via(3), Is.EqualTo("2"));
    }

    [Test]
    public void A_link_that_comes_again_goes_on_above_its_last_number()
    {
        var member = new Member(1).Connect(2);
        member.Advance(40);
        var last = member.Sent[^1].Lsa.Sequence;
        member.Sent.Clear();
        member.Node.RemoveLink(1002, member.Now);
        member.Node.AddLink(1003, 2, member.Now);
        // The answer to a link that flaps waits a moment.
        Assert.That(member.Take(2), Is.EqualTo($"1-2 {last + 1} gone"));
        member.Advance(0.2);
        Assert.That(member.Take(2), Is.EqualTo($"1-2 {last + 2}"));
    }

    [Test]
    public void A_link_with_two_flows_is_there_until_both_are_gone()
    {
        var member = new Member(1).Connect(2);
        member.Node.AddLink(1102, 2, 0);
        member.Hear(2, 2, 1, 0);
        member.Advance(2);
        member.Sent.Clear();
        member.Node.RemoveLink(1002, member.Now);
        Assert.That((member.Via(2), member.Take(2)), Is.EqualTo(("2", "")));
        member.Node.SetLinkUp(1102, up: false, member.Now);
        Assert.That((member.Via(2), member.Take(2)), Is.EqualTo(("", "1-2 2 gone")));
        member.Node.SetLinkUp(1102, up: true, member.Now);
        member.Advance(0.3);
        Assert.That((member.Via(2), member.Take(2)), Is.EqualTo(("2", "1-2 3")));
    }

    [Test]
    public void A_flapping_link_is_announced_five_times_a_second_at_most()
    {
        var member = new Member(1).Connect(2);
        member.Sent.Clear();
        for (var n = 0; n < 1000; n++)
        {
            member.Node.SetLinkUp(1002, up: n % 2 == 1, member.Now);
            member.Advance(0.001);
        }
        member.Advance(0.3);
        Assert.That(member.Sent.Count(s => !s.Lsa.Withdrawn), Is.LessThanOrEqualTo(7));
        Assert.That(member.Sent[^1].Lsa.Withdrawn, Is.False);
    }

    [Test]
    public void Zeroes_and_links_to_oneself_are_neither_believed_nor_passed_on_nor_made()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Sent.Clear();
        member.Hear(2, 0, 5, 1);
        member.Hear(2, 5, 0, 1);
        member.Hear(2, 5, 5, 1);
        member.Hear(2, 1, 1, 1);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.Address), Is.EqualTo(4));
        Assert.That(member.Node.AddLink(7, 0, 0), Is.False);
        Assert.That(member.Node.AddLink(7, 1, 0), Is.False);
        Assert.That(member.Sent, Is.Empty);
        Assert.That(member.Node.LinkCount, Is.EqualTo(2));
    }

    [Test]
    public void A_link_of_ours_that_others_announce_with_a_higher_number_is_announced_above_that()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Advance(2);
        member.Sent.Clear();
        member.Hear(2, 1, 3, 500);
        Assert.That((member.Take(2), member.Take(3)), Is.EqualTo(("1-3 501", "1-3 501")));
        // The echo of that, and of what went before, is no attack.
        member.Hear(2, 1, 3, 501);
        member.Hear(2, 1, 3, 7);
        Assert.That(member.Sent, Is.Empty);
        Assert.That(member.Node.Counters.FoughtBack, Is.EqualTo(1));
    }

    [Test]
    public void A_link_that_we_do_not_have_is_not_learnt_not_passed_on_but_refuted()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Hear(3, 9, 1, 4);
        member.Advance(2);
        member.Sent.Clear();
        member.Hear(2, 1, 9, 86);
        member.Advance(1);
        Assert.That(member.Via(9), Is.Empty);
        Assert.That((member.Take(2), member.Take(3)), Is.EqualTo(("1-9 87 gone", "1-9 87 gone")));
        member.Hear(3, 1, 9, 87);
        member.Advance(1);
        Assert.That(member.Via(9), Is.Empty);
        member.Node.AddLink(1009, 9, member.Now);
        member.Advance(1);
        Assert.That(member.Via(9), Is.EqualTo("9"));
        Assert.That(member.Sent[^1].Lsa.Sequence, Is.GreaterThan(88));
    }

    [Test]
    public void A_reference_neighbour_with_a_new_flow_is_told_of_a_link_that_it_cannot_know()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Node.Rouse(2, member.Now);
        member.Advance(0.5);
        member.Sent.Clear();
        member.Advance(0.6);
        var (flow, lsa) = member.Sent.Single(s => s.Lsa.Link.Destination > 3);
        Assert.That((flow, lsa.Link.Source, lsa.Sequence, lsa.Withdrawn), Is.EqualTo((2, 1ul, 0ul, false)), "only that neighbour");
        Assert.That(lsa.Link.Destination, Is.LessThanOrEqualTo(uint.MaxValue));
        member.Sent.Clear();
        member.Advance(20);
        Assert.That(member.Sent.Select(s => s.Lsa.Link.Destination), Has.None.EqualTo(lsa.Link.Destination), "once");
        // It comes back through a loop: ours are told that there is no such link.
        member.Hear(3, lsa.Link.Source, lsa.Link.Destination, 0);
        Assert.That(member.Sent.Select(s => s.Lsa), Has.Some.Matches<Lsa>(l => l.Link == lsa.Link && l.Withdrawn));
    }

    [Test]
    public void A_neighbour_whose_management_flow_comes_later_is_told_then()
    {
        var member = new Member(1);
        member.Node.AddLink(1002, 2, member.Now);
        member.Node.Rouse(2, member.Now);
        member.Advance(3.5);
        member.Node.AddManagement(2, 2, member.Now);
        member.Advance(1.5);
        Assert.That(member.Sent.Count(s => s.Lsa.Link.Destination > 2), Is.EqualTo(1));
    }

    [Test]
    public void Reference_neighbours_are_told_again_when_links_have_aged_out_as_they_calculate_nothing_then()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Node.Rouse(2, member.Now);
        member.Hear(2, 2, 9, 4);
        member.Hear(2, 9, 2, 4);
        member.Advance(59);
        member.Sent.Clear();
        // 60 s without news of 9: gone here, and at a reference member with its next update, up to 15 s later.
        member.Advance(15);
        Assert.That(member.Sent.Select(s => s.Lsa.Link.Destination), Has.None.GreaterThan(9));
        member.Advance(4);
        var (flow, lsa) = member.Sent.Single(s => s.Lsa.Link.Destination > 9);
        Assert.That((flow, lsa.Link.Source, lsa.Withdrawn), Is.EqualTo((2, 1ul, false)), "only the neighbour of the reference");
        member.Sent.Clear();
        member.Advance(120);
        Assert.That(member.Sent.Select(s => s.Lsa.Link.Destination), Has.None.GreaterThan(9), "once");
    }

    [Test]
    public void A_reference_neighbour_that_is_known_is_told_again_also_when_there_is_no_room_for_another()
    {
        var config = LinkStateConfig.Default with { MaxLinksPerMember = 2 };
        var member = new Member(1, config).Connect(2).Connect(3).Connect(4);
        var invented = (Lsa l) => l.Link.Source == 1 && l.Link.Destination > 9;
        foreach (var peer in new ulong[] { 2, 3 }) member.Node.Rouse(peer, member.Now);
        member.Advance(2);
        Assert.That(member.Sent.Where(s => invented(s.Lsa)).Select(s => s.Flow), Is.EquivalentTo(new[] { 2, 3 }));
        foreach (var peer in new ulong[] { 4, 2 })
        {
            member.Sent.Clear();
            member.Node.Rouse(peer, member.Now);
            member.Advance(2);
            Assert.That(member.Sent.Where(s => invented(s.Lsa)).Select(s => (ulong)s.Flow), Is.EqualTo(new[] { peer }));
        }
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.ReferencesFull), Is.EqualTo(1), "4 is not kept account of");
        // Links age out: those that are, are told.
        member.Hear(3, 3, 9, 4);
        member.Advance(70);
        member.Sent.Clear();
        member.Advance(10);
        Assert.That(member.Sent.Where(s => invented(s.Lsa)).Select(s => s.Flow), Is.EquivalentTo(new[] { 2, 3 }));
        // One that nothing can be told any more makes room.
        member.Node.RemoveManagement(3);
        member.Node.Rouse(4, member.Now);
        member.Hear(2, 2, 9, 4);
        member.Advance(70);
        member.Sent.Clear();
        member.Advance(10);
        Assert.That(member.Sent.Where(s => invented(s.Lsa)).Select(s => s.Flow), Is.EquivalentTo(new[] { 2, 4 }));
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.ReferencesFull), Is.EqualTo(1));
    }

    [Test]
    public void No_more_flows_of_reference_neighbours_wait_than_there_may_be_links()
    {
        var member = new Member(1, LinkStateConfig.Default with { MaxLinksPerMember = 2 });
        for (ulong peer = 2; peer < 12; peer++) member.Node.Rouse(peer, member.Now);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.ReferencesFull), Is.EqualTo(8));
        for (ulong peer = 2; peer < 4; peer++) member.Node.Rouse(peer, member.Now);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.ReferencesFull), Is.EqualTo(8), "they wait already");
        member.Advance(12);
        // They had no management flow: forgotten when there is one who has.
        member.Connect(20);
        member.Sent.Clear();
        member.Node.Rouse(20, member.Now);
        member.Advance(2);
        Assert.That(member.Sent.Count(s => s.Flow == 20 && s.Lsa.Link.Destination > 20), Is.EqualTo(1));
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.ReferencesFull), Is.EqualTo(8));
    }

    [Test]
    public void Who_speaks_for_us_without_end_is_answered_ever_more_rarely_and_loses()
    {
        var member = new Member(1).Connect(2);
        member.Sent.Clear();
        for (ulong n = 0; n < 60_000; n++)
        {
            member.Hear(2, 1, 2, 1000 + n);
            member.Advance(0.001);
        }
        Assert.That(member.Sent, Has.Count.InRange(3, 30));
        member.Advance(16);
        Assert.That(member.Sent[^1].Lsa.Sequence, Is.GreaterThan(60_999));
    }

    [Test]
    public void Numbers_that_nobody_gets_to_are_refused_so_that_no_link_is_out_of_reach_of_its_owner()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Sent.Clear();
        member.Hear(2, 8, 9, ulong.MaxValue);
        member.Hear(2, 8, 9, LinkStateNode.MaxSequence + 1);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.Sequence), Is.EqualTo(2));
        member.Hear(2, 8, 9, LinkStateNode.MaxFirstSequence + 1);
        member.Hear(2, 8, 9, 5);
        member.Hear(2, 8, 9, 6 + LinkStateNode.MaxJump);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.Jump), Is.EqualTo(2));
        Assert.That(member.Take(3), Is.EqualTo("8-9 5"));
        member.Hear(2, 1, 2, ulong.MaxValue);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.Sequence), Is.EqualTo(3));
        // At the very end it waits until everybody has forgotten the link, and begins again.
        member.Hear(2, 1, 2, LinkStateNode.MaxSequence);
        member.Advance(60);
        Assert.That(member.Take(2), Does.Not.Contain("1-2"));
        member.Advance(70);
        Assert.That(member.Take(2), Does.Contain("1-2 0"));
    }

    [Test]
    public void One_member_has_no_more_links_than_it_may_and_all_together_neither()
    {
        var member = new Member(1, LinkStateConfig.Default with { MaxLinks = 100, MaxLinksPerMember = 10 }).Connect(2);
        for (ulong n = 0; n < 50; n++) member.Hear(2, 7, 100 + n, 0);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.MemberFull), Is.EqualTo(40));
        for (ulong n = 0; n < 200; n++) member.Hear(2, 1000 + n, 2000 + n, 0);
        Assert.That(member.Node.LinkCount, Is.LessThanOrEqualTo(100));
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.DatabaseFull), Is.GreaterThan(100));
        Assert.That(member.Node.Counters.Evicted, Is.GreaterThan(0));
    }

    [Test]
    public void Invented_members_make_room_for_real_ones_and_never_the_other_way_round()
    {
        var member = new Member(1, LinkStateConfig.Default with { MaxLinks = 64 }).Connect(2);
        for (ulong n = 2; n < 12; n++)
        {
            member.Hear(2, n, n == 2 ? 1 : n - 1, 0);
            member.Hear(2, n, n + 1, 0);
        }
        member.Advance(1);
        for (var second = 0; second < 20; second++)
        {
            for (ulong n = 0; n < 1000; n++) member.Hear(2, 100_000 + n + (ulong)(second * 1000), 50_000, 0);
            member.Advance(1.1);
        }
        Assert.That(member.Via(11), Is.EqualTo("2"));
        // A real link that comes up meanwhile gets in.
        for (var second = 0; second < 20; second++)
        {
            member.Hear(2, 12, 11, 0);
            member.Hear(2, 11, 12, 1);
            member.Advance(1.1);
        }
        Assert.That(member.Via(12), Is.EqualTo("2"));
    }

    [Test]
    public void Keepalives_other_sizes_and_unknown_flows_do_nothing()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Sent.Clear();
        for (var length = 0; length <= 64; length++)
        {
            if (length is not (17 or 24)) member.Node.Receive(2, new byte[length], 0);
        }
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.Malformed), Is.EqualTo(61));
        member.Hear(77, 8, 9, 0);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.UnknownFlow), Is.EqualTo(1));
        member.Node.RemoveManagement(2);
        member.Hear(2, 8, 9, 0);
        Assert.That(member.Node.Counters.Dropped(LinkStateDrop.UnknownFlow), Is.EqualTo(2));
        Assert.That(member.Sent, Is.Empty);
    }

    [Test]
    public void A_neighbour_that_takes_nothing_holds_up_nobody_and_then_gets_the_newest_of_each()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Blocked.Add(3);
        for (ulong sequence = 0; sequence < 1000; sequence++)
        {
            for (ulong n = 0; n < 20; n++) member.Hear(2, 100 + n, 200 + n, sequence);
            member.Advance(0.01);
        }
        Assert.That(member.Node.Backlog, Is.LessThanOrEqualTo(22 + 2));
        member.Sent.Clear();
        member.Blocked.Clear();
        member.Advance(1);
        var sent = member.Take(3);
        for (ulong n = 0; n < 20; n++) Assert.That(sent, Does.Contain($"{100 + n}-{200 + n} 999"));
    }

    [Test]
    public void A_large_database_is_handed_over_no_faster_than_a_queue_of_a_reference_node_can_take()
    {
        var member = new Member(1).Connect(2);
        for (ulong n = 0; n < 5000; n++) member.Hear(2, 100 + n, 10_000 + n, 0);
        member.Advance(1);
        member.Node.AddManagement(3, 3, member.Now);
        for (var slice = 0; slice < 10; slice++)
        {
            member.Sent.Clear();
            member.Advance(0.005);
            Assert.That(member.Sent.Count(s => s.Flow == 3), Is.LessThanOrEqualTo(128));
        }
        // All of it twice: what the neighbour was not ready for comes again.
        member.Advance(3);
        Assert.That(member.Node.Backlog, Is.Zero);
    }

    [Test]
    public void A_management_flow_is_never_silent_for_so_long_that_a_keepalive_is_due()
    {
        var member = new Member(1);
        member.Node.AddManagement(2, 2, 0);
        member.Advance(300);
        Assert.That(member.Fillers, Is.InRange(14, 16));
        member.Hear(2, 8, 9, 0);
        member.Node.AddManagement(3, 3, member.Now);
        member.Sent.Clear();
        for (var n = 0; n < 5; n++)
        {
            member.Advance(21);
            member.Hear(2, 8, 9, (ulong)n + 1);
            Assert.That(member.Take(3), Is.Not.Empty);
        }
    }

    [Test]
    public void A_neighbour_whose_flow_was_down_is_given_everything_again()
    {
        var member = new Member(1).Connect(2).Connect(3);
        member.Sent.Clear();
        member.Node.SetManagementUp(3, up: false, 0);
        member.Hear(2, 8, 9, 0);
        Assert.That(member.Take(3), Is.Empty);
        member.Node.SetManagementUp(3, up: true, 0);
        Assert.That(member.Take(3), Is.EqualTo("1-2 0, 1-3 0, 8-9 0"));
    }

    [Test]
    public void Another_core_takes_over_what_was_known_and_goes_on_counting()
    {
        var first = new Member(1).Connect(2).Connect(3);
        first.Hear(2, 2, 1, 3);
        first.Hear(3, 3, 1, 3);
        first.Advance(20);
        var second = new Member(1, now: first.Now);
        second.Node.Restore(first.Node.Links(first.Now), first.Now);
        second.Connect(2);
        second.Node.AddManagement(3, 3, second.Now);
        second.Advance(0.1);
        Assert.That(second.Installs, Is.EqualTo(1), "one table, with everything in it");
        Assert.That((second.Via(2), second.Via(3)), Is.EqualTo(("2", "")));
        Assert.That(second.Take(3), Does.Contain("1-2 3").And.Contain("1-3 3 gone"));
    }

    [Test]
    public void Odd_parameters_are_moved_into_range()
    {
        var odd = new LinkStateConfig(0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero).Clamped();
        Assert.That(odd.Timeout, Is.GreaterThanOrEqualTo(3 * odd.Update));
        Assert.That(odd.Update, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(() => new Member(1, LinkStateConfig.Default with { Policy = 7 }), Throws.TypeOf<FlowException>().With.Message.Contains("0 (link-state)"));
        Assert.That(() => new Member(0), Throws.TypeOf<FlowException>());
    }
}

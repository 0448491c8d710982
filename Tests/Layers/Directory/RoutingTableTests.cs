using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Tests.Layers.Dht;

public sealed class RoutingTableTests
{
    private readonly Random _random = new(11);

    [Test]
    public void The_nearest_contacts_are_those_of_a_sort_by_xor_of_all_bytes([Values(1, 5, 8, 20)] int count)
    {
        var own = DhtKey.Random(_random, 32);
        var table = new RoutingTable(own, 8);
        for (ulong address = 1; address <= 2000; address++) table.Answer(new DhtContact(Near(own, address), address), true);
        var all = new DhtContact[4000];
        all = all[..table.CopyTo(all)];
        Assert.That(all, Has.Length.EqualTo(table.Count));
        var into = new DhtContact[count];
        for (var i = 0; i < 500; i++)
        {
            var target = i % 3 == 0 ? Near(own, (ulong)i) : DhtKey.Random(_random, 32);
            var expected = all.OrderBy(c => c.Id, Comparer<DhtKey>.Create((a, b) => a == b ? 0 : target.IsNearer(a, b) ? -1 : 1)).Take(count);
            Assert.That(table.Closest(target, into), Is.EqualTo(count));
            Assert.That(into.Select(c => c.Address), Is.EqualTo(expected.Select(c => c.Address)), target.ToString());
        }
        Assert.That(table.Closest(own, into), Is.EqualTo(count));
    }

    [Test]
    public void Ids_that_agree_in_eight_bytes_are_told_apart_by_the_others()
    {
        var bytes = new byte[32];
        var own = new DhtKey(bytes);
        bytes[20] = 1;
        var near = new DhtKey(bytes);
        bytes[9] = 1;
        var far = new DhtKey(bytes);
        Assert.Multiple(() =>
        {
            Assert.That(own.IsNearer(near, far), Is.True);
            Assert.That(own.IsNearer(far, near), Is.False);
            Assert.That(own.IsNearer(near, near), Is.False);
            Assert.That(near, Is.Not.EqualTo(far));
        });
    }

    [Test]
    public void A_contact_that_is_seen_again_is_not_there_twice()
    {
        var table = Filled(out var contacts);
        var count = table.Count;
        foreach (var contact in contacts) table.Answer(contact, true);
        var all = new DhtContact[4000];
        all = all[..table.CopyTo(all)];
        Assert.That(all.Select(c => c.Address).Distinct().Count(), Is.EqualTo(all.Length));
        Assert.That(table.Count, Is.EqualTo(count).And.EqualTo(all.Length));
    }

    [Test]
    public void A_bucket_takes_k_and_keeps_the_next_as_replacements_which_come_in_when_one_is_dropped()
    {
        var table = new RoutingTable(new DhtKey(new byte[32]), 8);
        for (byte i = 1; i <= 12; i++) table.Answer(Far(i), true);
        Assert.That(table.Count, Is.EqualTo(8));
        for (var missed = 1; missed < RoutingTable.MaxMissed; missed++) Assert.That(table.Miss(Far(3), out _), Is.False);
        Assert.That(table.Contains(Far(3)), Is.True);
        Assert.That(table.Miss(Far(3), out var probe), Is.True);
        Assert.That(probe.Address, Is.Zero, "a replacement that answered needs no probe");
        Assert.That(table.Contains(Far(3)), Is.False);
        Assert.That(table.Contains(Far(12)), Is.True, "the newest replacement");
        Assert.That(table.Count, Is.EqualTo(8));
    }

    [Test]
    public void An_answer_forgives_what_was_missed()
    {
        var table = new RoutingTable(new DhtKey(new byte[32]), 8);
        table.Answer(Far(1), true);
        for (var i = 0; i < 10; i++)
        {
            table.Miss(Far(1), out _);
            table.Miss(Far(1), out _);
            table.Answer(Far(1), true);
        }
        Assert.That(table.Contains(Far(1)), Is.True);
    }

    [Test]
    public void Who_was_only_heard_of_is_a_replacement_that_is_asked_before_it_comes_in()
    {
        var table = new RoutingTable(new DhtKey(new byte[32]), 8);
        Assert.That(table.Hear(Far(1)), Is.EqualTo(Heard.Room));
        Assert.That(table.Count, Is.Zero);
        for (byte i = 1; i <= 8; i++) table.Answer(Far(i), true);
        Assert.That(table.Hear(Far(1)), Is.EqualTo(Heard.Known));
        Assert.That(table.Hear(Far(20)), Is.EqualTo(Heard.Full));
        for (var i = 0; i < RoutingTable.MaxMissed - 1; i++) table.Miss(Far(2), out _);
        Assert.That(table.Miss(Far(2), out var probe), Is.True);
        Assert.That(probe, Is.EqualTo(Far(20)));
        Assert.That(table.Contains(Far(20)), Is.False);
    }

    [Test]
    public void Made_up_requesters_do_not_push_out_replacements_that_answered()
    {
        var table = new RoutingTable(new DhtKey(new byte[32]), 8);
        for (byte i = 1; i <= 16; i++) table.Answer(Far(i), true);
        for (byte i = 100; i < 200; i++) table.Hear(Far(i));
        for (var i = 0; i < RoutingTable.MaxMissed; i++) table.Miss(Far(1), out _);
        Assert.That(table.Contains(Far(16)), Is.True);
    }

    [Test]
    public void One_address_has_one_contact_and_the_id_that_answered_last_wins()
    {
        var table = new RoutingTable(new DhtKey(new byte[32]), 8);
        var first = new DhtContact(Far(1).Id, 7);
        var second = new DhtContact(DhtKey.Random(_random, 32), 7);
        table.Answer(first, true);
        table.Hear(second);
        Assert.That(table.Contains(first), Is.True, "saying so is not enough");
        table.Answer(second, true);
        Assert.That(table.Contains(second), Is.True);
        Assert.That(table.Contains(first), Is.False);
        Assert.That(table.Count, Is.EqualTo(1));
    }

    [Test]
    public void Whatever_answers_is_silent_or_is_lost_contacts_are_there_once_and_are_found_by_distance()
    {
        var own = DhtKey.Random(_random, 32);
        var table = new RoutingTable(own, 3);
        var ids = Enumerable.Range(0, 200).Select(i => Near(own, (ulong)i)).ToArray();
        var all = new DhtContact[400];
        var nearest = new DhtContact[9];
        var most = 0;
        for (var step = 0; step < 20_000; step++)
        {
            // Few addresses for many ids: they change parts, as contacts and as replacements.
            var contact = new DhtContact(ids[_random.Next(ids.Length)], (ulong)_random.Next(1, 100));
            switch (_random.Next(8))
            {
                case < 4:
                    table.Answer(contact, _random.Next(2) == 0);
                    break;
                case < 6:
                    table.Hear(contact);
                    break;
                case 6:
                    foreach (var known in all.AsSpan(0, _random.Next(table.CopyTo(all) + 1))) table.Miss(known, out _);
                    break;
                default:
                    table.Remove(contact.Address);
                    break;
            }
            if (step % 20 != 0) continue;
            var contacts = all[..table.CopyTo(all)];
            most = Math.Max(most, contacts.Length);
            Assert.That(contacts, Has.Length.EqualTo(table.Count), $"step {step}");
            Assert.That(contacts.Select(c => c.Address), Is.Unique, $"step {step}");
            Assert.That(contacts.All(c => table.Contains(c)), Is.True, $"step {step}");
            var count = table.Closest(contact.Id, nearest);
            var expected = contacts.OrderBy(c => c.Id, Comparer<DhtKey>.Create((a, b) => a == b ? 0 : contact.Id.IsNearer(a, b) ? -1 : 1)).Take(count).Select(c => c.Id);
            Assert.That(nearest[..count].Select(c => c.Id), Is.EqualTo(expected), $"step {step}");
        }
        Assert.That(most, Is.GreaterThan(10));
        for (ulong address = 1; address < 100; address++) table.Remove(address);
        Assert.That((table.Count, table.UnmarkedCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_flood_of_ids_made_up_around_the_own_one_stays_within_the_bound_of_the_table()
    {
        var own = DhtKey.Random(_random, 32);
        var table = new RoutingTable(own, 8);
        for (ulong address = 1; address <= 100_000; address++)
        {
            var bytes = own.Span.ToArray();
            bytes[address % 32] ^= (byte)_random.Next(1, 256);
            table.Answer(new DhtContact(new DhtKey(bytes), address), true);
        }
        Assert.That(table.Count, Is.LessThanOrEqualTo(8 * 3 * 33));
    }

    [Test]
    public void Each_part_is_stale_once_and_a_look_up_through_it_makes_it_fresh()
    {
        var table = Filled(out _);
        var picked = new List<DhtKey>();
        while (table.TryPickStale(0, 100, _random, out var target)) picked.Add(target);
        Assert.That(picked, Has.Count.InRange(3, 96));
        Assert.That(table.TryPickStale(100, 100, _random, out _), Is.False);
        Assert.That(table.TryPickStale(101, 101, _random, out var again), Is.True);
        table.Touch(again, 300);
        var rest = 0;
        while (table.TryPickStale(101, 200, _random, out _)) rest++;
        Assert.That(rest, Is.EqualTo(picked.Count - 1));
    }

    // The number of those that are not ours decides whether look-ups have to be exhaustive.
    [Test]
    public void Reference_nodes_are_counted_as_they_come_change_and_go()
    {
        var table = new RoutingTable(new DhtKey(new byte[32]), 8);
        table.Answer(Far(1), false);
        table.Answer(Far(2), true);
        Assert.That(table.UnmarkedCount, Is.EqualTo(1));
        table.Answer(Far(1), true);
        Assert.That(table.UnmarkedCount, Is.Zero);
        table.Answer(Far(2), false);
        table.Remove(Far(2).Address);
        Assert.That(table.UnmarkedCount, Is.Zero);
        Assert.That(table.Count, Is.EqualTo(1));
    }

    private static DhtContact Far(byte number)
    {
        var bytes = new byte[32];
        bytes[0] = 0xc0;
        bytes[1] = number;
        return new DhtContact(new DhtKey(bytes), number);
    }

    private RoutingTable Filled(out List<DhtContact> contacts)
    {
        var own = DhtKey.Random(_random, 32);
        var table = new RoutingTable(own, 8);
        contacts = [];
        for (ulong address = 1; address <= 1000; address++) contacts.Add(new DhtContact(DhtKey.Random(_random, 32), address));
        foreach (var contact in contacts) table.Answer(contact, true);
        return table;
    }

    // Shares a random number of leading bits, so that deep levels are filled, too.
    private DhtKey Near(DhtKey own, ulong salt)
    {
        var bits = (int)(salt % 24);
        return own.RandomBelow(_random, bits, _random.Next(2), 1);
    }
}

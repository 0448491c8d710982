using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Runtime.Api;

/// <summary>Flow flags (application-api.md section 6.1) and what they do at the other side.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class FlagTests(bool layered) : FlowTest(layered)
{
    [Test]
    public void The_numbers_are_those_of_the_reference()
    {
        Assert.That(
            new[] { FlowFlags.ReadOnly, FlowFlags.WriteOnly, FlowFlags.ReadWrite, FlowFlags.AccessMode, FlowFlags.Down, FlowFlags.ReadNoBlock, FlowFlags.WriteNoBlock, FlowFlags.NonBlocking, FlowFlags.ReadNoPartial, FlowFlags.WriteNoPartial }.Select(f => (int)f),
            Is.EqualTo(new[] { 0, 1, 2, 3, 4, 0x200, 0x400, 0x600, 0x1000, 0x2000 }));
        Assert.That((int)A.Flags, Is.EqualTo(0x2002), "after allocation");
        Assert.That((int)B.Flags, Is.EqualTo(0x2002));
    }

    [Test]
    public async Task A_read_only_flow_refuses_writes_with_NotPermitted_and_reads_on()
    {
        A.Flags = FlowFlags.ReadOnly;
        var e = await Failure(A.WriteAsync(Bytes(1)));
        Assert.That(e.Error, Is.EqualTo(FlowError.NotPermitted));
        Assert.That(e.Message, Does.Contain("read-only").And.Contain("ReadWrite"));
        Assert.That(A.TryWrite(Bytes(1)), Is.EqualTo(FlowError.NotPermitted));
        await B.WriteAsync(Bytes(2));
        Assert.That(await Read(A), Is.EqualTo(Bytes(2)));
        A.Flags = FlowFlags.ReadWrite;
        await A.WriteAsync(Bytes(3));
        Assert.That(await Read(B), Is.EqualTo(Bytes(3)));
    }

    [Test]
    public async Task Replacing_the_flags_without_an_access_mode_makes_the_flow_read_only()
    {
        A.Flags = FlowFlags.ReadNoBlock;
        Assert.That(await ErrorOf(A.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.NotPermitted));
    }

    [Test]
    public async Task The_peer_of_a_write_only_flow_may_not_write_until_that_is_undone_but_what_is_queued_is_read()
    {
        await B.WriteAsync(Bytes(2));
        A.Flags = FlowFlags.WriteOnly;
        var e = await Failure(B.WriteAsync(Bytes(1)));
        Assert.That(e.Error, Is.EqualTo(FlowError.NotAllocated));
        Assert.That(e.Message, Does.Contain("write-only"));
        Assert.That(B.TryWrite([]), Is.EqualTo(FlowError.NotAllocated), "a keepalive neither");
        Assert.That(await Read(A), Is.EqualTo(Bytes(2)), "write-only flows can read");
        await A.WriteAsync(Bytes(3));
        Assert.That(await Read(B), Is.EqualTo(Bytes(3)));

        A.Flags = FlowFlags.WriteOnly | FlowFlags.NonBlocking; // a second call
        await A.WriteAsync(Bytes(4));
        Assert.That(await Read(B), Is.EqualTo(Bytes(4)));
        A.Flags = FlowFlags.ReadWrite;
        await B.WriteAsync(Bytes(5));
        Assert.That(await Read(A), Is.EqualTo(Bytes(5)));
    }

    [Test]
    public async Task A_blocked_writer_is_woken_when_the_peer_becomes_write_only()
    {
        for (var i = 0; i < 1023; i++) await B.WriteAsync(Bytes(1));
        var write = B.WriteAsync(Bytes(1)).AsTask();
        await StillWaits(write);
        A.Flags = FlowFlags.WriteOnly;
        Assert.That(await ErrorOf(write), Is.EqualTo(FlowError.NotAllocated));
    }

    [Test]
    public async Task Access_mode_3_and_unknown_bits_are_refused_and_change_nothing()
    {
        var invalid = Assert.Throws<FlowException>(() => A.Flags = FlowFlags.AccessMode | FlowFlags.Down);
        Assert.That(invalid!.Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(invalid.Message, Does.Contain("access mode 3"));
        var unknown = Assert.Throws<FlowException>(() => A.Flags = FlowFlags.ReadWrite | (FlowFlags)0x8000);
        Assert.That(unknown!.Error, Is.EqualTo(FlowError.InvalidArgument));
        Assert.That(unknown.Message, Does.Contain("0x8000"));
        Assert.That(A.Flags, Is.EqualTo(FlowFlags.Default));
        Assert.That(A.IsDown || B.IsDown, Is.False);
        await A.WriteAsync(Bytes(1));
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)));
    }

    [Test]
    public async Task Marking_a_flow_down_takes_both_ends_down_until_it_is_undone()
    {
        using var set = Server.CreateFlowSet();
        set.Add(B);
        var waiting = B.ReadAsync(new byte[1]).AsTask();
        var own = A.ReadAsync(new byte[1]).AsTask();
        A.Flags |= FlowFlags.Down;
        Assert.That(await ErrorOf(waiting), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(own), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(A.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(B.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await NextEvent(set), Is.EqualTo(FlowEventType.Down));
        Assert.That(B.Flags, Is.EqualTo(FlowFlags.Default), "the peer's own flags do not show it");

        A.Flags &= ~FlowFlags.Down;
        Assert.That(await NextEvent(set), Is.EqualTo(FlowEventType.Up));
        await A.WriteAsync(Bytes(1));
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)));
        await B.WriteAsync(Bytes(2));
        Assert.That(await Read(A), Is.EqualTo(Bytes(2)));
    }

    [Test]
    public async Task Other_flags_send_no_event_to_the_peer()
    {
        using var set = Server.CreateFlowSet();
        set.Add(B);
        A.Flags |= FlowFlags.NonBlocking;
        A.Flags |= FlowFlags.ReadNoPartial;
        Assert.That(await ErrorOf(set.WaitAsync(new FlowEvent[1], TimeSpan.Zero)), Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task Flags_never_revive_a_flow_that_the_peer_has_released()
    {
        A.Flags |= FlowFlags.Down;
        B.Deallocate();
        A.Flags |= FlowFlags.NonBlocking;
        A.Flags &= ~FlowFlags.Down;
        Assert.That(A.IsDown, Is.True);
        Assert.That(await ErrorOf(A.ReadAsync(new byte[1])), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(A.WriteAsync(Bytes(1))), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public async Task One_side_that_comes_up_does_not_undo_what_the_other_marked_down()
    {
        A.Flags |= FlowFlags.Down;
        B.Flags |= FlowFlags.Down;
        B.Flags &= ~FlowFlags.Down;
        Assert.That((A.IsDown, B.IsDown), Is.EqualTo((true, true)), "A has not come up");
        A.Flags &= ~FlowFlags.Down;
        Assert.That((A.IsDown, B.IsDown), Is.EqualTo((false, false)));
        await A.WriteAsync(Bytes(1));
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)));
    }

    private static async Task<FlowEventType> NextEvent(FlowSet set)
    {
        var events = new FlowEvent[8];
        Assert.That(await set.WaitAsync(events, Timeout.InfiniteTimeSpan).AsTask().WaitAsync(Soon), Is.EqualTo(1));
        return events[0].Events;
    }
}

using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Api;

/// <summary>Packets too large, and pools without a free block.</summary>
public sealed class SizeTests : RuntimeTest
{
    private const int GlobalMax = 1_048_260;
    private const int UserMax = 261_828;

    protected override RuntimeConfig Config => base.Config with
    {
        GlobalPool = base.Config.GlobalPool with { Counts = new PoolCounts { Blocks384 = 4, Blocks1M = 2 }, FallbackSizes = 0, ThreadCache = 0, Shards = 1 },
        UserPool = base.Config.UserPool with { Counts = new PoolCounts { Blocks384 = 4, Blocks256K = 2 }, FallbackSizes = 0, ThreadCache = 0, Shards = 1 },
    };

    [TestCase(0u, 0u, GlobalMax)]
    [TestCase(1001u, 1001u, UserMax)]
    [TestCase(0u, 1001u, UserMax)]
    [TestCase(1001u, 0u, UserMax)]
    [TestCase(1001u, 1002u, UserMax)]
    public async Task The_largest_packet_is_what_both_pools_take_and_one_byte_more_is_too_long(uint client, uint server, int max)
    {
        var (a, b) = await Flow(client, server);
        Assert.That(a.MaxPacketSize, Is.EqualTo(max));
        var data = new byte[max + 1];
        new Random(1).NextBytes(data);

        Assert.That(await a.WriteAsync(data.AsMemory(0, max)), Is.EqualTo(max));
        Assert.That(await Read(b, max + 1), Is.EqualTo(data[..max]));
        var e = await Failure(a.WriteAsync(data));
        Assert.That(e.Error, Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(e.Message, Does.Contain(max.ToString(System.Globalization.CultureInfo.InvariantCulture)).And.Contain("smaller"));
        Assert.That(() => a.Rent(max + 1), Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.MessageTooLong));
        Assert.That(a.TryWrite(data), Is.EqualTo(FlowError.MessageTooLong));
    }

    [Test]
    public async Task A_packet_too_large_for_the_peer_is_refused_and_stays_with_the_caller()
    {
        var (a, _) = await Flow(0, 1001);
        Assert.That(Node.PoolStatistics.Count, Is.EqualTo(2));
        var packet = (await Attach()).Pool.Rent(UserMax + 1);
        Assert.That(a.TryWrite(packet), Is.EqualTo(FlowError.MessageTooLong));
        Assert.That(packet.Length, Is.EqualTo(UserMax + 1));
        packet.Dispose();
    }

    [Test]
    public async Task An_exhausted_pool_is_TryAgain_for_a_non_blocking_writer()
    {
        var (a, _) = await Flow(0, 0);
        var all = Exhaust(a);
        a.Flags |= Ouroboros.Layers.Flow.FlowFlags.WriteNoBlock;
        var e = await Failure(a.WriteAsync(Bytes(1)));
        Assert.That(e.Error, Is.EqualTo(FlowError.TryAgain));
        Assert.That(e.Message, Does.Contain("memory"));
        Assert.That(a.TryWrite(Bytes(1)), Is.EqualTo(FlowError.TryAgain));
        var rent = Assert.Throws<FlowException>(() => a.Rent(1));
        Assert.That(rent!.Error, Is.EqualTo(FlowError.TryAgain));
        Assert.That(rent.Message, Does.Contain("dispose").Or.Contain("raise"));
        foreach (var packet in all) packet.Dispose();
    }

    [TestCase(0u, 0u)]
    [TestCase(1001u, 1002u)]
    public async Task A_blocked_writer_gets_the_first_block_that_comes_back(uint client, uint server)
    {
        var (a, b) = await Flow(client, server);
        var all = Exhaust(a);
        var write = a.WriteAsync(Bytes(5)).AsTask();
        await IrmdIsDone();
        Assert.That(write.IsCompleted, Is.False);
        all[0].Dispose();
        await write.WaitAsync(Soon);
        Assert.That(await Read(b), Is.EqualTo(Bytes(5)));
        foreach (var packet in all[1..]) packet.Dispose();
    }

    [TestCase(0u, 0u)]
    [TestCase(1001u, 1002u)]
    public async Task Waiting_for_memory_is_bounded_by_the_time_out_on_the_runtimes_clock_and_can_be_cancelled(uint client, uint server)
    {
        var (a, _) = await Flow(client, server);
        var all = Exhaust(a);
        using var cancel = new CancellationTokenSource();
        var cancelled = a.WriteAsync(Bytes(1), cancel.Token).AsTask();
        await cancel.CancelAsync();
        var e = Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        Assert.That(e!.CancellationToken, Is.EqualTo(cancel.Token));

        a.WriteTimeout = TimeSpan.FromSeconds(3);
        var late = a.WriteAsync(Bytes(1)).AsTask();
        Time.Advance(TimeSpan.FromMilliseconds(2999));
        await IrmdIsDone();
        Assert.That(late.IsCompleted, Is.False);
        await PassUntilDone(late, TimeSpan.FromMilliseconds(1));
        Assert.That(await ErrorOf(late), Is.EqualTo(FlowError.TimedOut));
        foreach (var packet in all) packet.Dispose();
    }

    [TestCase("own release", FlowError.NotAllocated)]
    [TestCase("peer release", FlowError.FlowDown)]
    [TestCase("own down", FlowError.FlowDown)]
    [TestCase("peer down", FlowError.FlowDown)]
    public async Task A_writer_that_waits_for_memory_is_woken_when_the_flow_goes_down(string what, FlowError expected)
    {
        var (a, b) = await Flow(0, 0);
        var all = Exhaust(a);
        using var token = new CancellationTokenSource();
        var writes = new[] { a.WriteAsync(Bytes(1)).AsTask(), a.WriteAsync(Bytes(1), token.Token).AsTask() };
        await IrmdIsDone();
        switch (what)
        {
            case "own release":
                a.Deallocate();
                break;
            case "peer release":
                b.Deallocate();
                break;
            case "own down":
                a.Flags |= Ouroboros.Layers.Flow.FlowFlags.Down;
                break;
            default:
                b.Flags |= Ouroboros.Layers.Flow.FlowFlags.Down;
                break;
        }
        foreach (var write in writes) Assert.That(await ErrorOf(write), Is.EqualTo(expected));
        foreach (var packet in all) packet.Dispose();
    }

    [Test]
    public async Task When_the_peers_pool_is_exhausted_a_writer_waits_for_it_and_loses_nothing()
    {
        var (a, b) = await Flow(0, 1001);
        for (var i = 0; i < 4; i++) await a.WriteAsync(Bytes(i + 1));
        var blocked = a.WriteAsync(Bytes(5)).AsTask();
        await IrmdIsDone();
        Assert.That(blocked.IsCompleted, Is.False);
        Assert.That(a.TryWrite(Bytes(9)), Is.EqualTo(FlowError.TryAgain));

        for (var i = 0; i < 4; i++) Assert.That(await Read(b), Is.EqualTo(Bytes(i + 1)));
        await blocked.WaitAsync(Soon);
        Assert.That(await Read(b), Is.EqualTo(Bytes(5)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_writer_that_waits_for_the_peers_memory_is_woken_cancelled_and_timed_out(bool withToken)
    {
        var (a, b) = await Flow(0, 1001);
        for (var i = 0; i < 4; i++) await a.WriteAsync(Bytes(i + 1));
        using var cancel = new CancellationTokenSource();
        if (withToken)
        {
            var cancelled = a.WriteAsync(Bytes(5), cancel.Token).AsTask();
            await cancel.CancelAsync();
            Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        }
        a.WriteTimeout = TimeSpan.FromSeconds(1);
        var late = a.WriteAsync(Bytes(5)).AsTask();
        await PassUntilDone(late, TimeSpan.FromSeconds(1));
        Assert.That(await ErrorOf(late), Is.EqualTo(FlowError.TimedOut));

        a.WriteTimeout = Timeout.InfiniteTimeSpan;
        var woken = a.WriteAsync(Bytes(5)).AsTask();
        await IrmdIsDone();
        b.Deallocate();
        Assert.That(await ErrorOf(woken), Is.EqualTo(FlowError.FlowDown));
        var second = await Failure(a.WriteAsync(Bytes(1)));
        Assert.That(second.Error, Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public async Task Several_writers_share_the_peers_scarce_memory_without_loss()
    {
        var (a, b) = await Flow(0, 1001);
        var writers = Enumerable.Range(0, 3).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++) await a.WriteAsync(new[] { (byte)w, (byte)i });
        })).ToList();
        var next = new int[3];
        for (var i = 0; i < 600; i++)
        {
            var packet = await Read(b);
            Assert.That(packet[1], Is.EqualTo(next[packet[0]]++));
        }
        await Task.WhenAll(writers).WaitAsync(Soon);
    }

    [Test]
    public async Task A_user_who_never_reads_does_not_disturb_others()
    {
        await LocalLayer("loc", "L", "svc", "good");
        var lazy = await Serve("svc", uid: 1001);
        var good = await Serve("good", uid: 1003);
        var client = await Attach(uid: 1002);
        var other = await Attach(uid: 1004);
        var (a, _) = await Connect(client, lazy, "svc");
        var stuck = Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++) await a.WriteAsync(Bytes(20));
        });
        var (x, y) = await Connect(other, good, "good");
        for (var i = 0; i < 500; i++)
        {
            await x.WriteAsync(Bytes(i % 60));
            if (i % 60 != 0) Assert.That(await Read(y), Is.EqualTo(Bytes(i % 60)));
        }
        Assert.That(stuck.IsCompleted, Is.False);
        a.Deallocate();
        Assert.That(await ErrorOf(stuck), Is.EqualTo(FlowError.NotAllocated));
    }

    private static List<Packet> Exhaust(Flow flow)
    {
        var all = new List<Packet>();
        for (var i = 0; i < 4; i++) all.Add(flow.Rent(1));
        return all;
    }

    private async Task<(Flow A, Flow B)> Flow(uint client, uint server)
    {
        if (client != server) await LocalLayer("loc", "L", "svc");
        var serving = await Serve("svc", uid: server);
        return await Connect(await Attach("client", client), serving, "svc");
    }
}

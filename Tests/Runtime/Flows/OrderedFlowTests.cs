using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Flow.Stages;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Runtime.Flows;

/// <summary>Flows with stages, directly between two applications and through a local layer between two trust domains.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class OrderedFlowTests(bool layered) : RuntimeTest
{
    private static readonly string[] Names = ["raw", "best", "video", "voice", "data"];

    private Application _client = null!;
    private Application _server = null!;

    [SetUp]
    public async Task Attach()
    {
        if (layered) await LocalLayer("loc", "L", "svc");
        _server = await Serve("svc", uid: layered ? 1001u : 0);
        _client = await Attach("client", uid: layered ? 1002u : 0);
    }

    [Test]
    public async Task Every_QoS_carries_messages_both_ways_in_order([ValueSource(nameof(Names))] string name, [Values] bool crc)
    {
        QosSpec.TryFromName(name, out var qos);
        _client.DisableCrc = !crc;
        var (a, b) = await Connect(qos);
        Assert.That(a.Qos, Is.EqualTo(crc || qos.IsRaw ? qos : qos with { BitErrorRate = 1 }));
        Assert.That(a.Endpoint.Stage is FrcpStage, Is.EqualTo(qos.InOrder), "the QoS alone decides");
        Assert.That(a.Endpoint.Stage is null, Is.EqualTo(qos.IsRaw), "a raw flow has no stage here");
        for (var i = 1; i <= 1000; i++)
        {
            await a.WriteAsync(Bytes(i));
            Assert.That(await Read(b), Is.EqualTo(Bytes(i)));
            await b.WriteAsync(Bytes(i % 7 + 1));
            Assert.That(await Read(a), Is.EqualTo(Bytes(i % 7 + 1)));
        }
        Assert.That((a.Endpoint.Stage as FrcpStage)?.Failure, Is.Null);
    }

    [Test]
    public async Task A_writer_is_held_up_by_a_reader_who_does_not_read_and_goes_on_when_he_does([Values("best", "data")] string name)
    {
        QosSpec.TryFromName(name, out var qos);
        var (a, b) = await Connect(qos);
        var written = 0;
        while (a.TryWrite(Number(written)) == FlowError.None) Assert.That(++written, Is.LessThan(2000), "never held up");
        Assert.That(written, Is.GreaterThanOrEqualTo(256));
        var read = 0;
        var more = Task.Run(async () =>
        {
            for (var i = written; i < written + 5000; i++) await a.WriteAsync(Number(i));
        });
        while (read < written + 5000) Assert.That(await Read(b), Is.EqualTo(Number(read++)));
        await more.WaitAsync(Soon);
        Assert.That(a.Statistics!.Retransmissions, Is.Zero);
    }

    [Test]
    public async Task What_was_written_before_release_still_gets_across_and_then_the_peer_is_told()
    {
        var (a, b) = await Connect(QosSpec.Data);
        var written = 0;
        while (a.TryWrite(Number(written)) == FlowError.None) written++;
        a.Deallocate();
        Assert.That(b.IsDown, Is.False, "not while data is under way");
        for (var i = 0; i < written; i++) Assert.That(await Read(b), Is.EqualTo(Number(i)));
        Time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.That(await ErrorOf(b.ReadAsync(new byte[10])), Is.EqualTo(FlowError.FlowDown));
        Assert.That(b.Endpoint.PeerHasReleased, Is.True);
    }

    [Test]
    public async Task Without_linger_what_is_not_acknowledged_is_given_up()
    {
        var (a, b) = await Connect(QosSpec.Data);
        Assert.That(a.FrcpFlags, Is.EqualTo(FlowFrcpFlags.All));
        a.FrcpFlags = FlowFrcpFlags.Retransmission | FlowFrcpFlags.ResourceControl;
        while (a.TryWrite(new byte[10]) == FlowError.None)
        {
        }
        a.Deallocate();
        Assert.That(b.IsDown, Is.True);
    }

    [Test]
    public async Task A_peer_that_never_reads_holds_a_released_flow_for_131_seconds_at_most()
    {
        var (a, b) = await Connect(QosSpec.Data);
        while (a.TryWrite(new byte[10]) == FlowError.None)
        {
        }
        a.Deallocate();
        for (var i = 0; i < 1400 && !b.IsDown; i++) Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(b.IsDown, Is.True);
    }

    [Test]
    public async Task Flags_of_ordered_flows_can_be_set_and_cleared_except_retransmission()
    {
        var (a, _) = await Connect(QosSpec.Data);
        a.FrcpFlags = FlowFrcpFlags.Retransmission;
        Assert.That(a.FrcpFlags, Is.EqualTo(FlowFrcpFlags.Retransmission));
        a.FrcpFlags = FlowFrcpFlags.All;
        Assert.That(a.FrcpFlags, Is.EqualTo(FlowFrcpFlags.All), "the reference never gets them back");
        Assert.That(Assert.Throws<FlowException>(() => a.FrcpFlags = FlowFrcpFlags.Linger)!.Error, Is.EqualTo(FlowError.NotPermitted));
        var (best, _) = await Connect(QosSpec.BestEffort);
        Assert.That(best.FrcpFlags, Is.EqualTo(FlowFrcpFlags.ResourceControl));
        var (raw, _) = await Connect(QosSpec.Raw);
        Assert.That(Assert.Throws<FlowException>(() => _ = raw.FrcpFlags)!.Error, Is.EqualTo(FlowError.NotPermitted));
        Assert.That(raw.Statistics, Is.Null);
    }

    [Test]
    public async Task A_write_that_waits_for_the_window_times_out_and_is_woken_by_release()
    {
        var (a, b) = await Connect(QosSpec.Data);
        while (a.TryWrite(new byte[10]) == FlowError.None)
        {
        }
        a.WriteTimeout = TimeSpan.FromSeconds(2);
        var write = a.WriteAsync(new byte[10]).AsTask();
        Assert.That(write.IsCompleted, Is.False);
        await PassUntilDone(write, TimeSpan.FromSeconds(2));
        Assert.That(await ErrorOf(write), Is.EqualTo(FlowError.TimedOut));
        a.WriteTimeout = Timeout.InfiniteTimeSpan;
        var other = a.WriteAsync(new byte[10]).AsTask();
        b.Deallocate();
        Assert.That(await ErrorOf(other), Is.EqualTo(FlowError.FlowDown));
    }

    [Test]
    public async Task A_stream_over_a_reliable_flow_arrives_whole_and_ends_with_the_release()
    {
        var (a, b) = await Connect(QosSpec.Data);
        var data = new byte[1_000_000];
        new Random(3).NextBytes(data);
        var writing = Task.Run(async () =>
        {
            await using var stream = a.AsStream();
            await stream.WriteAsync(data);
        });
        using var received = new MemoryStream();
        await PassInSteps(Task.WhenAll(b.AsStream(leaveOpen: true).CopyToAsync(received), writing), TimeSpan.FromMilliseconds(1));
        Assert.That(received.ToArray(), Is.EqualTo(data));
    }

    [Test]
    public async Task A_flow_set_reports_both_reading_styles_and_the_release()
    {
        var (a, b) = await Connect(QosSpec.Data);
        using var set = _server.CreateFlowSet();
        set.Add(b);
        for (var i = 0; i < 10; i++) await a.WriteAsync(Number(i));
        var events = new FlowEvent[4];
        for (var i = 0; i < 10; i++)
        {
            Assert.That(set.Poll(events), Is.EqualTo(1), $"message {i}");
            Assert.That(events[0].Has(FlowEventType.Packet), Is.True);
            Assert.That(await Read(b), Is.EqualTo(Number(i)));
        }
        Assert.That(set.Poll(events), Is.Zero);
        a.Deallocate();
        // The last acknowledgement waits for data to ride on.
        Time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.That(set.Poll(events), Is.EqualTo(1));
        Assert.That(events[0].Events, Is.EqualTo(FlowEventType.Dealloc));
    }

    [Test]
    public async Task Messages_up_to_the_pool_s_largest_block_get_across()
    {
        var (a, b) = await Connect(QosSpec.Data);
        var size = Math.Min(a.MaxPacketSize, 200_000);
        var message = new byte[size];
        new Random(1).NextBytes(message);
        await a.WriteAsync(message);
        using var packet = await b.ReadPacketAsync().AsTask().WaitAsync(Soon);
        Assert.That(packet.Span.SequenceEqual(message), Is.True);
    }

    [Test]
    public async Task An_application_that_leaves_releases_its_flows_and_what_it_wrote_arrives()
    {
        var (a, b) = await Connect(QosSpec.Data);
        for (var i = 0; i < 100; i++) await a.WriteAsync(Number(i));
        await _client.DisposeAsync();
        Time.Advance(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < 100; i++) Assert.That(await Read(b), Is.EqualTo(Number(i)));
        Assert.That(await ErrorOf(b.ReadAsync(new byte[10])), Is.EqualTo(FlowError.FlowDown));
    }

    private static byte[] Number(int number) => BitConverter.GetBytes(number);

    private async Task<(Flow, Flow)> Connect(QosSpec qos)
    {
        var accept = _server.AcceptAsync().AsTask();
        var allocate = _client.AllocateAsync("svc", qos).AsTask();
        return (await allocate.WaitAsync(Soon), await accept.WaitAsync(Soon));
    }
}

using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Simulation.Flows;

/// <summary>Who waits when the peer or the link goes (application-api.md sections 5.3, 7 and 8), in virtual time.</summary>
public sealed class PeerDeathSimulation : PoolTest
{
    private static readonly QosSpec[] Kinds = [QosSpec.Raw with { Timeout = 1000 }, QosSpec.BestEffort with { Timeout = 1000 }, QosSpec.Data with { Timeout = 1000 }];

    [TestCaseSource(nameof(Kinds))]
    public async Task A_reader_and_a_writer_that_wait_are_woken_when_the_peer_has_died(QosSpec qos)
    {
        using var flow = new SimFlow(Pool, 1, qos, new LinkQuality());
        flow.Clock.Advance(TimeSpan.FromSeconds(1));
        var read = flow.A.ReadAsync(new byte[10]).AsTask();
        flow.Back.IsCut = true;
        flow.Forward.IsFull = true;
        while (flow.A.TryWrite(new byte[10]) == FlowError.None)
        {
        }
        var write = flow.A.WriteAsync(new byte[10]).AsTask();
        flow.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await ErrorOf(read), Is.EqualTo(FlowError.PeerDead));
        Assert.That(await ErrorOf(write), Is.EqualTo(FlowError.PeerDead));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task A_reader_and_a_writer_that_wait_are_woken_when_the_layer_says_that_the_link_is_down(QosSpec qos)
    {
        using var flow = new SimFlow(Pool, 1, qos, new LinkQuality());
        var read = flow.A.ReadAsync(new byte[10]).AsTask();
        flow.Forward.IsFull = true;
        while (flow.A.TryWrite(new byte[10]) == FlowError.None)
        {
        }
        var write = flow.A.WriteAsync(new byte[10]).AsTask();
        flow.A.OnLinkChanged(up: false);
        Assert.That(await ErrorOf(read), Is.EqualTo(FlowError.FlowDown));
        Assert.That(await ErrorOf(write), Is.EqualTo(FlowError.FlowDown));
        flow.A.OnLinkChanged(up: true);
        flow.Forward.IsFull = false;
        flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(flow.A.TryWrite(new byte[10]), Is.EqualTo(FlowError.None), "up again");
    }

    [TestCaseSource(nameof(Kinds))]
    public void What_arrived_is_read_before_the_peer_is_reported_dead(QosSpec qos)
    {
        using var flow = new SimFlow(Pool, 1, qos, new LinkQuality());
        for (byte i = 0; i < 3; i++) Assert.That(flow.B.TryWrite([i]), Is.EqualTo(FlowError.None));
        flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
        flow.Back.IsCut = true;
        flow.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(flow.A.State & RingState.PeerDead, Is.EqualTo(RingState.PeerDead));
        var buffer = new byte[10];
        for (byte i = 0; i < 3; i++)
        {
            Assert.That((flow.A.TryRead(buffer, out var length), length, buffer[0]), Is.EqualTo((FlowError.None, 1, i)));
        }
        Assert.That(flow.A.TryRead(buffer, out _), Is.EqualTo(FlowError.PeerDead));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task A_read_that_lasts_longer_than_the_peer_time_out_gets_its_packet_and_the_peer_lives(QosSpec qos)
    {
        using var flow = new SimFlow(Pool, 1, qos, new LinkQuality());
        var buffer = new byte[10];
        var read = flow.A.ReadAsync(buffer).AsTask();
        flow.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That(read.IsCompleted, Is.False);
        Assert.That(flow.B.TryWrite([7]), Is.EqualTo(FlowError.None));
        flow.Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(await read, Is.EqualTo(1));
        flow.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(SimFlow.IsDown(flow.A) || SimFlow.IsDown(flow.B), Is.False);
    }

    [TestCaseSource(nameof(Kinds))]
    public void An_empty_write_is_a_keepalive_and_nothing_else(QosSpec qos)
    {
        using var flow = new SimFlow(Pool, 1, qos with { BitErrorRate = 0 }, new LinkQuality());
        flow.Clock.Advance(TimeSpan.FromMilliseconds(900));
        // The peer's own keepalives no longer get through; only what the user writes does.
        for (var i = 0; i < 20; i++)
        {
            flow.Back.IsCut = false;
            Assert.That(flow.B.TryWrite([]), Is.EqualTo(FlowError.None));
            flow.Clock.Advance(TimeSpan.Zero);
            flow.Back.IsCut = true;
            flow.Clock.Advance(TimeSpan.FromMilliseconds(600));
        }
        Assert.That(SimFlow.IsDown(flow.A), Is.False);
        Assert.That(flow.A.TryRead(out Packet _), Is.EqualTo(FlowError.TryAgain));
    }

    [TestCaseSource(nameof(Kinds))]
    public void The_peers_death_is_one_event(QosSpec qos)
    {
        using var flow = new SimFlow(Pool, 1, qos, new LinkQuality());
        var set = new ReadySet<FlowEndpoint>(flow.Clock);
        flow.A.JoinSet(set);
        var events = new ReadyEvent<FlowEndpoint>[4];
        flow.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(set.Wait(events, TimeSpan.Zero), Is.Zero, "keepalives raise none");
        flow.Back.IsCut = true;
        flow.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That((set.Wait(events, TimeSpan.Zero), events[0].Member, events[0].Events), Is.EqualTo((1, flow.A, FlowEventType.Peer)));
        Assert.That(set.Wait(events, TimeSpan.Zero), Is.Zero);
    }

    [Test]
    public void Both_reading_styles_get_every_message_of_a_flow_that_loses([Values] bool untilEmpty)
    {
        const int Messages = 2000;
        using var flow = new SimFlow(Pool, 1, QosSpec.Data with { BitErrorRate = 1 }, new LinkQuality { Loss = 0.1, Delay = 100_000, Jitter = 100_000, Reordering = 0.1 });
        var set = new ReadySet<FlowEndpoint>(flow.Clock);
        flow.B.JoinSet(set);
        var events = new ReadyEvent<FlowEndpoint>[4];
        var (written, read, empty) = (0, 0, 0);
        for (var step = 0; step < 1_000_000 && read < Messages; step++)
        {
            while (written < Messages && flow.A.TryWrite(BitConverter.GetBytes(written)) == FlowError.None) written++;
            flow.Clock.Step(flow.Clock.Now + 1_000_000);
            while (set.Wait(events, TimeSpan.Zero) > 0)
            {
                var here = 0;
                while ((here == 0 || untilEmpty) && flow.B.TryRead(out Packet packet) == FlowError.None)
                {
                    Assert.That(BitConverter.ToInt32(packet.Span), Is.EqualTo(read));
                    packet.Dispose();
                    read++;
                    here++;
                }
                if (here == 0) empty++;
            }
        }
        Assert.That((read, empty), Is.EqualTo((Messages, 0)), "messages, and events without one");
    }

    private static async Task<FlowError> ErrorOf(Task task)
    {
        try
        {
            await task.WaitAsync(TimeSpan.FromSeconds(60));
            return FlowError.None;
        }
        catch (FlowException e)
        {
            return e.Error;
        }
    }
}

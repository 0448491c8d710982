using Ouroboros.Samples.Oping;
using Ouroboros.Samples.Oping.Wire;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OpingExchangeTests
{
    private const long Frequency = 1_000_000_000;

    private readonly byte[] _packet = new byte[64];

    [Test]
    public void A_request_carries_the_next_number_and_the_clock()
    {
        var exchange = new PingExchange(2, Frequency);
        exchange.NextRequest(_packet, 0);
        exchange.NextRequest(_packet, (1720 * Frequency) + 276_450_989);
        OpingMessage.TryParse(_packet, out var message);
        Assert.That(message, Is.EqualTo(new OpingMessage(OpingMessageType.Request, 1, 1720, 276_450_989)));
        Assert.That(_packet[24..], Is.All.Zero);
    }

    [Test]
    public void A_reply_is_counted_once_with_its_round_trip()
    {
        var exchange = new PingExchange(1, Frequency);
        exchange.NextRequest(_packet, 1000);
        var reply = exchange.OnPacket(Reply(0), 51_000);
        Assert.That(reply, Is.EqualTo(new PingReply(ReplyKind.Reply, 0, 64, TimeSpan.FromMicroseconds(50), false)));
        Assert.That(exchange.OnPacket(Reply(0), 52_000).Kind, Is.EqualTo(ReplyKind.Duplicate));
        Assert.That(exchange.Statistics.Received, Is.EqualTo(1));
    }

    [Test]
    public void A_reply_behind_a_later_one_is_out_of_order_and_the_next_is_not()
    {
        var exchange = new PingExchange(4, Frequency);
        for (var i = 0; i < 4; i++) exchange.NextRequest(_packet, i);
        var order = new uint[] { 0, 2, 1, 3 }.Select(id => exchange.OnPacket(Reply(id), 10).OutOfOrder);
        Assert.That(order, Is.EqualTo(new[] { false, false, true, false }));
        Assert.That(exchange.Statistics.OutOfOrder, Is.EqualTo(1));
    }

    [TestCase(1u)]
    [TestCase(65_536u)]
    [TestCase(uint.MaxValue)]
    public void A_reply_to_nothing_that_was_asked_is_not_counted(uint id)
    {
        var exchange = new PingExchange(1, Frequency);
        exchange.NextRequest(_packet, 0);
        Assert.That(exchange.OnPacket(Reply(id), 1).Kind, Is.EqualTo(ReplyKind.InvalidId));
        Assert.That(exchange.Statistics.Received, Is.Zero);
    }

    [Test]
    public void Requests_other_types_and_stumps_are_no_replies()
    {
        var exchange = new PingExchange(1, Frequency);
        exchange.NextRequest(_packet, 0);
        Assert.That(exchange.OnPacket(_packet, 1).Kind, Is.EqualTo(ReplyKind.InvalidMessage), "our own request");
        Assert.That(exchange.OnPacket(Reply(0, type: 7), 1).Kind, Is.EqualTo(ReplyKind.InvalidMessage), "type 7");
        Assert.That(exchange.OnPacket(Reply(0).AsSpan(0, 7), 1).Kind, Is.EqualTo(ReplyKind.InvalidMessage), "7 bytes");
        Assert.That(exchange.OnPacket([], 1).Kind, Is.EqualTo(ReplyKind.InvalidMessage), "nothing");
        Assert.That(exchange.OnPacket(Reply(0).AsSpan(0, 8), 1).Kind, Is.EqualTo(ReplyKind.Reply), "8 bytes are enough");
    }

    [Test]
    public void A_time_that_the_server_changed_does_not_change_the_round_trip()
    {
        var exchange = new PingExchange(1, Frequency);
        exchange.NextRequest(_packet, 0);
        var reply = Reply(0);
        reply.AsSpan(8, 16).Fill(0xff);
        Assert.That(exchange.OnPacket(reply, 1000).RoundTrip, Is.EqualTo(TimeSpan.FromMicroseconds(1)));
    }

    [Test]
    public void An_endless_run_forgets_what_is_too_long_ago_and_still_counts_the_rest()
    {
        var exchange = new PingExchange(int.MaxValue, Frequency);
        for (var i = 0; i < 70_000; i++) exchange.NextRequest(_packet, i);
        Assert.That(exchange.OnPacket(Reply(0), 80_000).Kind, Is.EqualTo(ReplyKind.InvalidId));
        Assert.That(exchange.OnPacket(Reply(69_999), 80_000).Kind, Is.EqualTo(ReplyKind.Reply));
        Assert.That(exchange.OnPacket(Reply(70_000 - 65_536), 80_000).Kind, Is.EqualTo(ReplyKind.Reply));
    }

    [Test]
    public async Task The_pace_is_kept_against_absolute_time()
    {
        var time = new ManualTimeProvider();
        var pacer = new Pacer(time, TimeSpan.FromMilliseconds(10));
        var sent = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var next = pacer.NextAsync(default).AsTask();
            while (!next.IsCompleted) time.Advance(TimeSpan.FromMilliseconds(1));
            await next;
            sent.Add(time.GetElapsedTime(0));
            time.Advance(TimeSpan.FromMilliseconds(3));
        }
        Assert.That(sent.Select(t => t.TotalMilliseconds), Is.EqualTo(new[] { 10, 20, 30, 40, 50 }));
    }

    [Test]
    public async Task After_a_long_stop_it_goes_on_at_its_pace_instead_of_catching_up()
    {
        var time = new ManualTimeProvider();
        var pacer = new Pacer(time, TimeSpan.FromMilliseconds(10));
        time.Advance(TimeSpan.FromHours(1));
        await pacer.NextAsync(default);
        var next = pacer.NextAsync(default).AsTask();
        Assert.That(next.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(10));
        await next.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static byte[] Reply(uint id, uint type = 1)
    {
        var packet = new byte[64];
        new OpingMessage((OpingMessageType)type, id, 0, 0).Write(packet);
        return packet;
    }
}

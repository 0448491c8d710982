using System.Net;
using Ouroboros.Layers.Udp.Dns;
using Ouroboros.Layers.Udp.Dns.Wire;

namespace Ouroboros.Tests.Layers.Udp.Dns;

/// <summary>Tries, servers and candidates of a dialogue; time is a number.</summary>
public class DnsDialogueTests
{
    private static readonly IPEndPoint First = new(IPAddress.Parse("10.0.0.53"), 53);
    private static readonly IPEndPoint Second = new(IPAddress.Parse("10.0.0.54"), 53);
    private static readonly DnsRequest Request = DnsRequest.Query("name", DnsType.A);

    private static DnsDialogue Dialogue(IPEndPoint[] servers, params DnsRequest[] requests) => new(requests.Length == 0 ? [Request] : requests, servers, new Random(1));

    // A response without records: header of the request with the response bit and a code, and the question.
    private static byte[] Answer(ReadOnlyMemory<byte> request, DnsCode code)
    {
        var answer = request.ToArray();
        answer[2] |= 0x80;
        answer[3] |= (byte)code;
        return answer;
    }

    private static byte[] AnswerWithAddress(ReadOnlyMemory<byte> request)
    {
        byte[] answer = [.. Answer(request, DnsCode.NoError), 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 2];
        answer[7] = 1;
        return answer;
    }

    [Test]
    public void An_answer_ends_it()
    {
        var dialogue = Dialogue([First]);
        Assert.That(dialogue.TryTransmit(TimeSpan.Zero, out var server, out var message));
        Assert.That(server, Is.EqualTo(First));
        Assert.That(dialogue.TryTransmit(TimeSpan.Zero, out _, out _), Is.False, "once is enough");
        dialogue.Receive(AnswerWithAddress(message), First);
        Assert.That(dialogue.IsOver);
        Assert.That(dialogue.Response!.Addresses.Single().Address, Is.EqualTo(IPAddress.Parse("10.0.0.2")));
    }

    [Test]
    public void Silence_is_answered_with_more_patience_and_the_next_server_until_all_tries_are_used()
    {
        var dialogue = Dialogue([First, Second]);
        var now = TimeSpan.Zero;
        var asked = new List<IPEndPoint>();
        while (dialogue.TryTransmit(now, out var server, out _))
        {
            asked.Add(server);
            Assert.That(dialogue.Deadline - now, Is.EqualTo(DnsDialogue.Patience[asked.Count - 1]));
            now = dialogue.Deadline;
            dialogue.OnTimeout();
        }
        Assert.That(asked, Is.EqualTo(new[] { First, Second, First, Second, First }));
        Assert.That(dialogue.IsOver);
        Assert.That(dialogue.Response, Is.Null);
        Assert.That(now, Is.LessThan(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void Datagrams_from_elsewhere_or_with_another_id_are_ignored_and_counted()
    {
        var dialogue = Dialogue([First]);
        dialogue.TryTransmit(TimeSpan.Zero, out _, out var message);
        dialogue.Receive(AnswerWithAddress(message), Second);
        var other = AnswerWithAddress(message);
        other[0] ^= 1;
        dialogue.Receive(other, First);
        dialogue.Receive([], First);
        Assert.That(dialogue.IsOver, Is.False);
        Assert.That(dialogue.Ignored, Is.EqualTo(3));
    }

    [Test]
    public void A_server_that_refuses_is_not_asked_again()
    {
        var dialogue = Dialogue([First, Second]);
        dialogue.TryTransmit(TimeSpan.Zero, out _, out var message);
        dialogue.Receive(Answer(message, DnsCode.Refused), First);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(dialogue.TryTransmit(TimeSpan.Zero, out var server, out message));
            Assert.That(server, Is.EqualTo(Second));
            dialogue.OnTimeout();
        }
        dialogue.Receive(Answer(message, DnsCode.ServerFailure), Second);
        Assert.That(dialogue.IsOver);
        Assert.That(dialogue.Response!.Code, Is.EqualTo(DnsCode.ServerFailure));
    }

    [Test]
    public void A_name_that_does_not_exist_leads_to_the_next_candidate()
    {
        var dialogue = Dialogue([First], DnsRequest.Query("name.example", DnsType.A), Request);
        dialogue.TryTransmit(TimeSpan.Zero, out _, out var message);
        dialogue.Receive(Answer(message, DnsCode.NameError), First);
        Assert.That(dialogue.IsOver, Is.False);
        Assert.That(dialogue.TryTransmit(TimeSpan.Zero, out _, out message));
        Assert.That(message[2..].ToArray(), Is.EqualTo(Request.Message[2..].ToArray()));
        dialogue.Receive(Answer(message, DnsCode.NameError), First);
        Assert.That(dialogue.IsOver);
        Assert.That(dialogue.Response!.Code, Is.EqualTo(DnsCode.NameError));
    }

    [Test]
    public void A_refused_update_is_over_with_the_reason()
    {
        var dialogue = Dialogue([First], DnsRequest.Add(".", "name", IPAddress.Parse("10.0.0.2")));
        dialogue.TryTransmit(TimeSpan.Zero, out _, out var message);
        dialogue.Receive(Answer(message[..17], DnsCode.NotAuthoritative), First);
        Assert.That(dialogue.IsOver);
        Assert.That(dialogue.Response!.Code, Is.EqualTo(DnsCode.NotAuthoritative));
    }
}

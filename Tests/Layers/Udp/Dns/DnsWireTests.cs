using System.Net;
using System.Net.Sockets;
using Ouroboros.Layers.Udp.Dns.Wire;

namespace Ouroboros.Tests.Layers.Udp.Dns;

/// <summary>Requests and responses against captures of nsupdate, nslookup, the system's resolver and their server.</summary>
public class DnsWireTests
{
    private const string Oping = "7862c6fec5ecaef4aa2e3934725e23b3";
    private const string NoSuch = "9346628ed5aebbb048294851b8aa5452";
    private static readonly IPAddress Server = IPAddress.Parse("10.0.0.2");

    private static byte[] Frame(string capture, int number) => UdpCapture.Read(capture)[number - 1].Payload;

    private static DnsRequest Query(string name, DnsType type = DnsType.A) => DnsRequest.Query(name, type);

    private static ushort Id(byte[] message) => (ushort)((message[0] << 8) | message[1]);

    // The id is whatever the sender likes.
    private static byte[] WithIdOf(DnsRequest request, byte[] frame) => [.. frame[..2], .. request.Message[2..]];

    private static readonly (string Capture, int Frame, DnsRequest Request)[] Requests =
    [
        ("udp4/ddns", 3, DnsRequest.Add(".", Oping, Server)),
        ("udp4/ddns", 5, Query(Oping)),
        ("udp4/ddns", 7, Query(Oping, DnsType.Aaaa)),
        ("udp4/ddns", 11, DnsRequest.DeleteAll(".", Oping, AddressFamily.InterNetwork)),
        ("udp4/dns-query", 1, Query(NoSuch)),
        ("udp4/dns-query", 3, Query(Oping)),
        ("udp6/dns-query", 1, Query(NoSuch, DnsType.Aaaa)),
        ("udp6/dns-query", 3, Query(Oping, DnsType.Aaaa)),
    ];

    [Test]
    public void Requests_are_byte_for_byte_those_of_the_captures([Range(0, 7)] int index)
    {
        var (capture, number, request) = Requests[index];
        var frame = Frame(capture, number);
        Assert.That(WithIdOf(request, frame), Is.EqualTo(frame));
    }

    [Test]
    public void The_answer_of_a_name_is_its_address_and_time_to_live()
    {
        var query = Frame("udp4/dns-query", 3);
        Assert.That(DnsResponse.TryParse(Frame("udp4/dns-query", 4), Id(query), Query(Oping), out var response));
        Assert.That(response.Code, Is.EqualTo(DnsCode.NoError));
        Assert.That(response.Addresses, Is.EqualTo(new[] { new DnsAddress(Server, TimeSpan.FromDays(1)) }));

        query = Frame("udp6/dns-query", 3);
        Assert.That(DnsResponse.TryParse(Frame("udp6/dns-query", 4), Id(query), Query(Oping, DnsType.Aaaa), out response));
        Assert.That(response.Addresses, Is.EqualTo(new[] { new DnsAddress(IPAddress.Parse("fd00::2"), TimeSpan.FromDays(1)) }));
    }

    [Test]
    public void Names_without_an_address_have_none()
    {
        Assert.That(DnsResponse.TryParse(Frame("udp4/dns-query", 2), Id(Frame("udp4/dns-query", 1)), Query(NoSuch), out var response));
        Assert.That((response.Code, response.Addresses.Count), Is.EqualTo((DnsCode.NameError, 0)));
        Assert.That(DnsResponse.TryParse(Frame("udp4/ddns", 8), Id(Frame("udp4/ddns", 7)), Query(Oping, DnsType.Aaaa), out response));
        Assert.That((response.Code, response.Addresses.Count), Is.EqualTo((DnsCode.NoError, 0)));
    }

    [Test]
    public void Updates_are_answered_without_records()
    {
        Assert.That(DnsResponse.TryParse(Frame("udp4/ddns", 4), 0x54D7, DnsRequest.Add(".", Oping, Server), out var response));
        Assert.That(response.Code, Is.EqualTo(DnsCode.NoError));
        Assert.That(DnsResponse.TryParse(Frame("udp4/ddns", 12), 0xC0FF, DnsRequest.Delete(".", Oping, Server), out response));
        Assert.That(response.Code, Is.EqualTo(DnsCode.NoError));
    }

    [Test]
    public void Deleting_one_address_names_it_in_class_NONE()
    {
        var message = DnsRequest.Delete(".", Oping, Server).Message.ToArray();
        Assert.That(Convert.ToHexStringLower(message[^15..]), Is.EqualTo("00" + "0001" + "00fe" + "00000000" + "0004" + "0a000002"));
    }

    [Test]
    public void Another_id_operation_or_question_is_no_answer()
    {
        var answer = Frame("udp4/dns-query", 4);
        Assert.That(DnsResponse.TryParse(answer, (ushort)(Id(answer) + 1), Query(Oping), out _), Is.False);
        Assert.That(DnsResponse.TryParse(answer, Id(answer), Query(NoSuch), out _), Is.False);
        Assert.That(DnsResponse.TryParse(answer, Id(answer), Query(Oping, DnsType.Aaaa), out _), Is.False);
        Assert.That(DnsResponse.TryParse(answer, Id(answer), DnsRequest.Add(".", Oping, Server), out _), Is.False);
        Assert.That(DnsResponse.TryParse(Frame("udp4/dns-query", 3), Id(answer), Query(Oping), out _), Is.False, "a query is no answer");
    }

    [Test]
    public void Aliases_are_followed_and_the_shortest_time_to_live_counts()
    {
        byte[] message =
        [
            0, 7, 0x84, 0, 0, 1, 0, 2, 0, 0, 0, 0,
            1, (byte)'a', 0, 0, 1, 0, 1,
            0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 30, 0, 3, 1, (byte)'b', 0,
            0xC0, 31, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 9,
        ];
        Assert.That(DnsResponse.TryParse(message, 7, Query("a"), out var response));
        Assert.That(response.Addresses, Is.EqualTo(new[] { new DnsAddress(IPAddress.Parse("10.0.0.9"), TimeSpan.FromSeconds(30)) }));
    }

    [Test]
    public void Names_in_circles_end()
    {
        byte[] message = [0, 7, 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0xC0, 12, 0, 1, 0, 1];
        Assert.That(DnsResponse.TryParse(message, 7, Query("a"), out _), Is.False);
    }

    [TestCase("")]
    [TestCase("a..b")]
    [TestCase("a b")]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123")]
    public void What_is_no_domain_name_is_refused(string name) =>
        Assert.That(() => Query(name), Throws.TypeOf<FlowException>().With.Property("Error").EqualTo(FlowError.InvalidArgument));

    [Test]
    public void Truncations_and_mutations_of_responses_never_throw()
    {
        const int seed = 20261126;
        var random = new Random(seed);
        var requests = Requests.Select(r => r.Request).ToArray();
        var frames = new[] { "udp4/ddns", "udp4/dns-query", "udp6/dns-query" }.SelectMany(UdpCapture.Read).Where(d => d.Source.Port == 53).Select(d => d.Payload).ToArray();
        var parsed = 0;
        foreach (var frame in frames)
        {
            for (var length = 0; length < frame.Length; length++) Parse(frame[..length]);
            for (var i = 0; i < 100_000 / frames.Length; i++)
            {
                var mutated = (byte[])frame.Clone();
                for (var n = random.Next(1, 5); n > 0; n--) mutated[random.Next(2, mutated.Length)] = (byte)random.Next(256);
                Parse(mutated);
            }
        }
        // Else the test would only show that everything is refused.
        Assert.That(parsed, Is.GreaterThan(1000), $"seed {seed}");

        void Parse(byte[] message)
        {
            foreach (var request in requests)
            {
                if (message.Length >= 2 && DnsResponse.TryParse(message, Id(message), request, out _)) parsed++;
            }
        }
    }
}

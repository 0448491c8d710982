using System.Text;
using System.Text.Json.Nodes;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Connections.Wire;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Tests.Layers.Enrolment;

/// <summary>Messages of connection establishment and enrolment.</summary>
public sealed class WireTests
{
    private const int Mutations = 100_000;

    private static IEnumerable<string> Names => Messages.All.Select(m => m.Name);

    [TestCaseSource(nameof(Names))]
    public void A_captured_message_is_read_as_its_decode_says_and_written_byte_for_byte(string name)
    {
        var message = Messages.All.Single(m => m.Name == name);
        Assert.That(JsonNode.DeepEquals(Parse(Messages.Read(message.Kind, message.Bytes)), message.Fields), Is.True, $"{Messages.Read(message.Kind, message.Bytes)}");
        Assert.That(Messages.Write(message.Kind, message.Fields), Is.EqualTo(message.Bytes));
    }

    [TestCaseSource(nameof(Names))]
    public void Every_truncation_of_it_is_refused(string name)
    {
        var message = Messages.All.Single(m => m.Name == name);
        for (var length = 0; length < message.Bytes.Length; length++)
        {
            var read = Messages.Read(message.Kind, message.Bytes.AsSpan(0, length));
            // Without its last field, a response that needs no configuration is whole.
            if (message.Kind == "enroll_resp_msg" && read is not null) Assert.That(read["conf"], Is.Null, $"{name}, {length} bytes");
            else Assert.That(read, Is.Null, $"{name}, {length} bytes");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void A_hundred_thousand_mutations_of_it_are_read_or_refused_without_an_exception(string name)
    {
        var message = Messages.All.Single(m => m.Name == name);
        var random = new Random(message.Bytes.Length);
        var buffer = new byte[message.Bytes.Length + 16];
        for (var i = 0; i < Mutations; i++)
        {
            var length = MessageMutator.Mutate(message.Bytes, buffer, random);
            try
            {
                Read(message.Kind, buffer.AsSpan(0, length));
            }
            catch (Exception e)
            {
                Assert.Fail($"{name}, mutation {i}: {Convert.ToHexString(buffer.AsSpan(0, length))}: {e}");
            }
        }
    }

    [Test]
    public void Unknown_fields_and_offers_of_alternatives_are_passed_over()
    {
        byte[] more = [0x20, 0x05, 0x30, 0x02, 0x3a, 0x02, 0x08, 0x01, 0x70, 0x01, 0x75, 1, 2, 3, 4];
        var read = Messages.Read("cep_msg", [.. Messages.Get("cep-dt-u1"), .. more]);
        Assert.That((ulong)read!["address"]!, Is.EqualTo(0x5d1f862f));
    }

    [Test]
    public void A_missing_field_a_wrong_type_and_what_is_too_long_are_refused()
    {
        var whole = Messages.Get("cep-enrolment");
        Assert.That(CepMessage.TryParse(whole.AsSpan(0, whole.Length - 2), out _), Is.False, "no address");
        Assert.That(CepMessage.TryParse([.. whole, 0x0d, 1, 2, 3, 4], out _), Is.False, "a name of 4 bytes fixed");
        Assert.That(CepMessage.TryParse(CepMessage.Write(new byte[CepMessage.MaxLength - 10], default, 1, 0, 0), out _), Is.True, "128 bytes");
        Assert.That(CepMessage.TryParse(CepMessage.Write(new byte[CepMessage.MaxLength - 9], default, 1, 0, 0), out _), Is.False, "129 bytes");
        Assert.That(EnrolmentRequest.TryParse(EnrolmentRequest.Write(new byte[7]), out _), Is.False);
        Assert.That(EnrolmentRequest.TryParse(EnrolmentRequest.Write(new byte[9]), out _), Is.False);
    }

    [Test]
    public void Negative_numbers_are_what_they_were()
    {
        var denied = EnrolmentResponse.Write(new byte[8], DateTimeOffset.UnixEpoch, -1, null);
        Assert.That(EnrolmentResponse.TryParse(denied, out var response), Is.True);
        Assert.That(response.Response, Is.EqualTo(-1));
        Assert.That(denied[^10..], Is.EqualTo(Convert.FromHexString("FFFFFFFFFFFFFFFFFF01")), "10 bytes, as the reference reads it");
        Assert.That(EnrolmentAck.TryParse(EnrolmentAck.Write(new byte[8], -5), out var ack), Is.True);
        Assert.That(ack.Result, Is.EqualTo(-5));
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    [TestCase(255, true)]
    [TestCase(256, false)]
    public void A_layer_has_a_name_of_1_to_255_bytes(int length, bool valid)
    {
        var config = new ConfigMessage(new string('x', length), 1, 2, null).ToBytes();
        Assert.That(ConfigMessage.TryParse(config, out _), Is.EqualTo(valid));
    }

    [TestCase("0a0500000000001001")]
    [TestCase("0a02c3281001")]
    public void A_layer_name_with_a_zero_or_that_is_no_text_is_refused(string layer)
    {
        var inner = Convert.FromHexString(layer);
        Assert.That(ConfigMessage.TryParse([0x0a, (byte)inner.Length, .. inner, 0x10, 1], out _), Is.False);
    }

    [Test]
    public void The_longest_configuration_fits_into_a_message()
    {
        var unicast = Messages.Config(Messages.All.Single(m => m.Name == "oep-response-defaults").Fields["conf"]!).Unicast! with
        {
            AddressSize = uint.MaxValue,
            EidSize = uint.MaxValue,
            MaxTtl = uint.MaxValue,
            Routing = uint.MaxValue,
            Directory = uint.MaxValue,
            LinkState = new LinkStateMessage(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue),
            Dht = new DhtParametersMessage(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, ulong.MaxValue),
            AddressAuthority = uint.MaxValue,
            Congestion = uint.MaxValue,
        };
        var config = new ConfigMessage(new string('x', 255), uint.MaxValue, uint.MaxValue, unicast);
        var message = EnrolmentResponse.Write(new byte[8], DateTimeOffset.UnixEpoch, 0, config);
        Assert.That(message, Has.Length.LessThanOrEqualTo(EnrolmentResponse.MaxLength));
        Assert.That(EnrolmentResponse.TryParse(message, out var response) && ConfigMessage.TryParse(response.Config, out var read) && read == config, Is.True);
    }

    [Test]
    public void Components_announce_themselves_as_captured()
    {
        Assert.That(CepMessage.Of(Component.Enrolment, 0), Is.EqualTo(Messages.Get("cep-enrolment")));
        Assert.That(CepMessage.Of(Component.Management, 0x5d1f862f), Is.EqualTo(Messages.Get("cep-management-u1")));
        Assert.That(CepMessage.Of(Component.DataTransfer, 0x5d1f862f), Is.EqualTo(Messages.Get("cep-dt-u1")));
        Assert.That(CepMessage.Of(Component.Broadcast, 0), Is.EqualTo(Messages.Get("cep-dt-broadcast")));
        Assert.That(CepMessage.Refusal(), Is.EqualTo(Messages.Get("cep-unknown-component-reply")));
    }

    private static void Read(string kind, ReadOnlySpan<byte> data)
    {
        switch (kind)
        {
            case "cep_msg":
                if (CepMessage.TryParse(data, out var cep)) Assert.That(cep.Component.Length + cep.Protocol.Length, Is.LessThanOrEqualTo(data.Length));
                break;
            case "enroll_req_msg":
                EnrolmentRequest.TryParse(data, out _);
                break;
            case "enroll_ack_msg":
                EnrolmentAck.TryParse(data, out _);
                break;
            default:
                if (EnrolmentResponse.TryParse(data, out var response) && response.HasConfig && ConfigMessage.TryParse(response.Config, out var config))
                {
                    Assert.That(Encoding.UTF8.GetByteCount(config!.LayerName), Is.InRange(1, 255));
                }
                break;
        }
    }

    // Numbers as the file has them, whatever type they were made from.
    private static JsonNode? Parse(JsonNode? node) => node is null ? null : JsonNode.Parse(node.ToJsonString());
}

using System.Net;
using Google.Protobuf;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Control;

public sealed class CapturedRecordTests
{
    private static IEnumerable<CapturedRecord> Records => CapturedRecord.All;

    [Test]
    public void The_captures_are_there() => Assert.That(CapturedRecord.All, Has.Count.EqualTo(103));

    [TestCaseSource(nameof(Records))]
    public void A_record_of_the_reference_is_decoded_and_encoded_again_to_the_same_bytes(CapturedRecord record)
    {
        var message = IrmMsg.Parser.ParseFrom(record.Bytes);
        Assert.That(message.HasCode);
        Assert.That(Convert.ToHexString(message.ToByteArray()), Is.EqualTo(Convert.ToHexString(record.Bytes)));
    }

    [TestCaseSource(nameof(Records))]
    public void The_values_that_a_capture_names_encode_to_its_bytes(CapturedRecord record)
    {
        var message = DecodedForm.Read(record.Decoded, IrmMsg.Parser.ParseFrom(record.Bytes));
        Assert.That(Convert.ToHexString(message.ToByteArray()), Is.EqualTo(Convert.ToHexString(record.Bytes)));
    }

    private static IEnumerable<TestCaseData> Own()
    {
        yield return Case("irm name create svc lb spillover", Requests.CreateName(new NameInfo("svc"), false), "080f3a0f0a0373766310011a0022002a003200");
        yield return Case(
            "irm name create sec scrtpath /etc/hostname skeypath /etc/hosts",
            Requests.CreateName(
                new NameInfo("sec", LoadBalancing.RoundRobin, new SecurityPaths(ServerCertificate: "/etc/hostname", ServerKey: "/etc/hosts")), false),
            "080f3a260a0373656310001a0a2f6574632f686f737473220d2f6574632f686f73746e616d652a003200");
        yield return Case(
            "irm bind program /bin/true name svc auto -- -l -Q",
            Requests.BindProgram(new ProgramCommand("/usr/bin/true", ["-l", "-Q"]), "svc", true),
            "080922037376634a0d2f7573722f62696e2f747275654a022d6c4a022d514a00800101");
        yield return Case("irm unbind program true name svc", Requests.UnbindProgram("true", "svc"), "080a1204747275652203737663");
        yield return Case("irm name destroy nosuch", Requests.DestroyName("nosuch"), "081022066e6f73756368");
        yield return Case("irm name list", Requests.ListNames(), "0811");
        yield return Case("irm ipcp list", Requests.ListIpcps(), "0804");
        yield return Case("irm ipcp create", Requests.CreateIpcp("e1", IpcpType.EthDix), "0801320a08041202653118002000");
        yield return Case("irm ipcp destroy name e1", Requests.DestroyIpcp(795), "080318b60c");
        yield return Case(
            "irm ipcp bootstrap type eth-dix",
            Requests.BootstrapIpcp(795, new EthernetOptions("eth", "a1") { EtherType = 0xA007 }), "080518b60c7a150a070a036574681001100432080a0261311087c002");
        yield return Case(
            "irm ipcp bootstrap type udp4", Requests.BootstrapIpcp(860, new UdpOptions("udp", IPAddress.Loopback)),
            "080518b80d7a170a070a0375647010011005220a08ff80800810eb1a1800");
        yield return Case(
            "irm ipcp bootstrap type udp6", Requests.BootstrapIpcp(928, new UdpOptions("udp6", IPAddress.IPv6Loopback)),
            "080518c00e7a350a080a0475647036100110062a270a100000000000000000000000000000000110eb1a1a1000000000000000000000000000000000");
        yield return Case(
            "irm ipcp bootstrap type unicast", Requests.BootstrapIpcp(992, new UnicastOptions("uni")),
            "080518c00f7a3d0a070a03756e69100110011a300a1408041008183c220c0800120808001004180f203c121408001210080310081880a305208407288407300018002001");
        yield return Case("irm bind ipcp", Requests.BindProcess(992, "u1"), "080d18c00f22027531");
        yield return Case(
            "irm ipcp connect name u1 dst u9 component dt qos data", Requests.ConnectIpcp(992, "u9", ControlProtocol.DataTransfer, QosSpec.Data),
            "080718c00f5a027539721408e8071000180020002800300138d00f40c0a907aa010d44617461205472616e73666572");
        yield return Case(
            "irm ipcp disconnect name u1 dst u9 component dt", Requests.DisconnectIpcp(992, "u9", ControlProtocol.DataTransfer),
            "080818c00f5a027539aa010d44617461205472616e73666572");
        yield return Case("irm name unreg nosuch layer udp", Requests.UnregisterName("nosuch", 860), "081318b80d22066e6f73756368");
        yield return Case("irm ipcp enroll", Requests.EnrollIpcp(1417, "nolayer"), "08061892165a076e6f6c61796572");
    }

    [TestCaseSource(nameof(Own))]
    public void A_request_has_the_bytes_of_the_reference(Func<byte[]> request, string expected)
    {
        Assert.That(CapturedRecord.All.Select(r => Convert.ToHexString(r.Bytes).ToLowerInvariant()), Does.Contain(expected), "not a captured record");
        Assert.That(Convert.ToHexString(request()), Is.EqualTo(expected).IgnoreCase);
    }

    [Test]
    public void Lists_have_the_bytes_of_the_reference_for_a_client_without_extensions()
    {
        var replies = new Replies(extended: false);
        var ipcps = replies.List(
            new[] { new IpcpInfo(795, "e1", IpcpType.EthDix, IpcpState.Boot, null, 0, null) }.Select(i => Mapping.ToWire(i, replies.Extended)), r => r.Ipcps, out _);
        var names = replies.List(
            new[] { new NameInfo("svc"), new NameInfo("sec", LoadBalancing.RoundRobin) }.Select(n => Mapping.ToWire(n, paths: false)), r => r.Names, out _);

        Assert.That(Convert.ToHexString(ipcps.Single().ToByteArray()), Is.EqualTo("081b8a011a089b0610041a026531220d4e6f7420656e726f6c6c65642e2800c80100").IgnoreCase);
        Assert.That(
            Convert.ToHexString(names.Single().ToByteArray()),
            Is.EqualTo("081b92010f0a0373766310011a0022002a00320092010f0a0373656310001a0022002a003200c80100").IgnoreCase);
        Assert.That(Convert.ToHexString(replies.Failed(FlowError.NameUnknown, "text").Single().ToByteArray()), Is.EqualTo("081bc801dd0f").IgnoreCase);
    }

    [Test]
    public void Own_fields_are_two_bytes_of_tag_that_the_reference_skips()
    {
        var bytes = new IrmMsg { Code = IrmCode.ListNames, Extensions = ControlProtocol.Extensions }.ToByteArray();
        Assert.That(Convert.ToHexString(bytes), Is.EqualTo("0811C03E01"));
    }

    [TestCaseSource(nameof(Records))]
    public void Every_truncation_of_a_record_is_a_message_or_refused_as_malformed(CapturedRecord record)
    {
        for (var length = 0; length < record.Bytes.Length; length++)
        {
            try
            {
                IrmMsg.Parser.ParseFrom(record.Bytes.AsSpan(0, length));
            }
            catch (InvalidProtocolBufferException)
            {
                // What the server takes for malformed; anything else fails the test.
            }
        }
    }

    private static TestCaseData Case(string name, IrmMsg request, string expected) => new TestCaseData(() => request.ToByteArray(), expected).SetArgDisplayNames(name);
}

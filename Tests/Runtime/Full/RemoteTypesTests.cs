using System.Runtime.Serialization;
using Akka.Actor;
using Hyperion;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Crypto.Oap;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Local;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Full;

/// <summary>Messages of this runtime come through remoting unchanged; nothing else is made from bytes.</summary>
public sealed class RemoteTypesTests : RemotingTest
{
    private static readonly Credentials Root = new(0, 0, "irm");

    private static readonly LayerInfo Layer = new("lan", DirectoryHash.Sha3_256);

    private static object[] Messages() =>
    [
        new IrmProtocol.CreateIpcp(Root, "i", IpcpType.Local), new IrmProtocol.DestroyIpcp(Root, 3), new IrmProtocol.BootstrapIpcp(Root, 3, new LocalConfig(Layer)),
        new IrmProtocol.EnrollIpcp(Root, 3, "member"), new IrmProtocol.ConnectIpcp(Root, 3, "member", "Management", QosSpec.Data),
        new IrmProtocol.DisconnectIpcp(Root, 3, "member", "Management"), new IrmProtocol.ListIpcps(Root),
        new IrmProtocol.UnbindProgram(Root, "p", null), new IrmProtocol.BindProcess(Root, 7, "n"), new IrmProtocol.UnbindProcess(Root, 7, "n"),
        new IrmProtocol.CreateName(Root, new NameInfo("n", LoadBalancing.RoundRobin, new SecurityPaths(ServerKey: "k"))), new IrmProtocol.DestroyName(Root, "n"),
        new IrmProtocol.SecureName(Root, new NameInfo("n", Security: new SecurityPaths(ClientKey: "k")) { Client = new SidePolicy { RequireAuthentication = true, Encryption = new EncryptionOptions() } }),
        new IrmProtocol.ListNames(Root), new IrmProtocol.RegisterName(Root, "n", 3), new IrmProtocol.UnregisterName(Root, "n", 3), new IrmProtocol.ListFlows(Root),
        new IrmProtocol.ListProcesses(Root), new IrmProtocol.Done(), new IpcpInfo(3, "i", IpcpType.Local, IpcpState.Operational, Layer, 2, "boom"),
        new FlowInfo(1, FlowState.Allocated, 2, 3, true, "n", QosSpec.Voice, TimeSpan.FromMilliseconds(100)),
        new List<IpcpInfo> { new(3, "i", IpcpType.Local, IpcpState.Null, null, 0, null) }, new List<NameInfo> { new("n") },
        new List<FlowInfo> { new(1, FlowState.Allocated, 2, 3, false, null, QosSpec.Raw, TimeSpan.Zero) },
    ];

    private async Task<Akka.Serialization.Serialization> SerializationAsync()
    {
        var authority = NewAuthority("nodes");
        var node = await StartAsync("node", Remote(authority.IssueFile("node"), authority.Pem));
        return ((ExtendedActorSystem)node.System).Serialization;
    }

    [Test]
    public async Task Every_message_comes_back_as_it_was()
    {
        var serialization = await SerializationAsync();
        foreach (var message in Messages()) Assert.That(Copy(serialization, message), Is.EqualTo(message));
        var bound = (IrmProtocol.BindProgram)Copy(serialization, new IrmProtocol.BindProgram(Root, new ProgramCommand("p", ["-a", "-b"]), "n", true));
        Assert.That((bound.Program.Path, bound.Program.Arguments, bound.Name, bound.AutoStart), Is.EqualTo(("p", new[] { "-a", "-b" }, "n", true)));
        var process = ((List<ProcessInfo>)Copy(serialization, new List<ProcessInfo> { new(7, "p", 1, 2, false, ["a", "b"]) })).Single();
        Assert.That((process.Id, process.Names), Is.EqualTo((7, new[] { "a", "b" })));
    }

    [Test]
    public async Task Every_command_that_may_come_from_afar_is_in_the_test_above()
    {
        var serialization = await SerializationAsync();
        var tested = Messages().Select(m => m.GetType()).Append(typeof(IrmProtocol.BindProgram)).ToHashSet();
        foreach (var command in typeof(IrmProtocol).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(IrmProtocol.Command))))
        {
            if (tested.Contains(command)) continue;
            Assert.That(command, Is.AnyOf(typeof(IrmProtocol.Attach), typeof(IrmProtocol.Detach)));
            var message = command == typeof(IrmProtocol.Attach) ? (object)new IrmProtocol.Attach(Root) : new IrmProtocol.Detach(Root, 1);
            Assert.Catch(() => Copy(serialization, message));
        }
    }

    /// <summary>Bytes of somebody whose Hyperion has no list.</summary>
    private static byte[] Foreign(object message)
    {
        using var stream = new MemoryStream();
        new Serializer(new SerializerOptions(true, true, [], [], [], true, [], false, DisabledTypeFilter.Instance)).Serialize(message, stream);
        return stream.ToArray();
    }

    public sealed record Evil(string Text);

    public sealed record EvilConfig(LayerInfo Layer) : IpcpConfig(Layer)
    {
        public override IpcpType Type => IpcpType.Local;
    }

    private static IEnumerable<object> Evils() =>
    [
        new Evil("x"), new EvilConfig(Layer), new IrmProtocol.BootstrapIpcp(Root, 3, new EvilConfig(Layer)), new List<object> { "x" }, new object[] { new Evil("x") },
        new Dictionary<string, object> { ["x"] = 1 }, new Exception("x"), new Uri("file:///etc/passwd"), typeof(Evil),
        new IrmProtocol.BindProgram(Root, new ProgramCommand("p") { Arguments = new List<string> { "x" } }, "n", true), new IrmProtocol.Attach(Root),
    ];

    [TestCaseSource(nameof(Evils))]
    public async Task Nothing_else_is_made_from_bytes(object evil)
    {
        var serialization = await SerializationAsync();
        var hyperion = serialization.FindSerializerForType(typeof(IrmProtocol.Command));
        Assert.Throws<SerializationException>(() => hyperion.FromBinary(Foreign(evil), typeof(object)));
        // And what is on the list still comes through.
        Assert.That(hyperion.FromBinary(Foreign(new IrmProtocol.ListIpcps(Root)), typeof(object)), Is.EqualTo(new IrmProtocol.ListIpcps(Root)));
    }

    [Test]
    public async Task Random_and_cut_bytes_are_refused_without_harm()
    {
        var serialization = await SerializationAsync();
        var hyperion = serialization.FindSerializerForType(typeof(IrmProtocol.Command));
        var good = Foreign(new IrmProtocol.CreateName(Root, new NameInfo("n")));
        for (var length = 0; length < good.Length; length++) Assert.Throws<SerializationException>(() => hyperion.FromBinary(good[..length], typeof(object)), $"length {length}");
    }

    [Test]
    public async Task There_is_no_serializer_that_makes_what_a_message_names()
    {
        var serialization = await SerializationAsync();
        var json = new Akka.Serialization.NewtonSoftJsonSerializer((ExtendedActorSystem)serialization.System);
        Assert.That(json.Identifier, Is.EqualTo(1));
        Assert.Throws<SerializationException>(() => serialization.Deserialize(json.ToBinary(new Evil("x")), json.Identifier, typeof(Evil).AssemblyQualifiedName));
        Assert.That(serialization.FindSerializerForType(typeof(Evil)), Is.InstanceOf<Ouroboros.Runtime.Actors.AllowListSerializer>());
    }

    private static object Copy(Akka.Serialization.Serialization serialization, object message)
    {
        var serializer = serialization.FindSerializerFor(message);
        return serialization.Deserialize(serializer.ToBinary(message), serializer.Identifier, message.GetType());
    }
}

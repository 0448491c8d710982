using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime.Flows;

/// <summary>Flows through a local layer to a name with nothing configured: there is no exchange, and no more questions than needed.</summary>
public sealed class PlainLocalFlowTests : RuntimeTest
{
    private readonly FakeSecurity _handshake = new() { PlainName = "svc" };

    protected override IFlowSecurity Security => _handshake;

    [SetUp]
    public void Forget() => _handshake.Reset();

    [Test]
    public async Task Nothing_is_exchanged_and_the_flow_is_in_clear()
    {
        await LocalLayer("loc", "L", "svc", "secret");
        var server = await Serve("svc", uid: 1001);
        await Node.Irm.BindProcessAsync(server.Id, "secret");
        var client = await Attach(uid: 1002);

        var (a, b) = await Connect(client, server, "svc");
        await Carries(a, b, 1);
        Assert.That((a.Cipher, b.Cipher, a.Id == b.Id), Is.EqualTo((Crypto.Algorithms.CipherAlgorithm.None, Crypto.Algorithms.CipherAlgorithm.None, false)));
        Assert.That(_handshake.Log, Is.Empty);

        // Another name of the same layer has something configured.
        await Connect(client, server, "secret");
        Assert.That(_handshake.Log, Is.EqualTo(new[] { "begin secret", "serve secret request", "complete secret response" }));
    }

    [Test]
    public async Task The_layer_that_knows_the_name_is_found_among_two()
    {
        await LocalLayer("first", "K", "other");
        await LocalLayer("second", "L", "svc");
        var server = await Serve("svc", uid: 1001);
        var (a, b) = await Connect(await Attach(uid: 1002), server, "svc");
        await Carries(a, b, 1);
        Assert.That(_handshake.Log, Is.Empty);
    }

    [Test]
    public async Task A_name_that_the_only_layer_does_not_know_is_an_error_that_says_so()
    {
        await LocalLayer("loc", "L", "other");
        await Serve("svc", uid: 1001);
        var client = await Attach(uid: 1002);
        var failure = await Patient.Failure(client.AllocateAsync("svc").AsTask());
        Assert.That(failure.Error, Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(failure.Message, Does.Contain("none of the 1 layers here knows 'svc': L; register it where its server is"));
    }

    [Test]
    public async Task Numbers_that_are_free_again_lead_to_their_new_partner()
    {
        await LocalLayer("loc", "L", "svc");
        var server = await Serve("svc", uid: 1001);
        var client = await Attach(uid: 1002);
        for (byte round = 0; round < 100; round++)
        {
            var (a, b) = await Connect(client, server, "svc");
            await Carries(a, b, round);
            if (round % 2 == 0) a.Deallocate();
            b.Deallocate();
            a.Dispose();
        }
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "all numbers are free");
    }

    [Test]
    public async Task A_request_without_data_of_any_other_layer_goes_through_the_handshake()
    {
        using var probe = Probe.Install(IpcpType.Udp4);
        var ipcp = (await Node.Irm.CreateIpcpAsync("probe", probe.Type)).Id;
        await Node.Irm.BootstrapIpcpAsync(ipcp, probe.Config());
        await Node.Irm.CreateNameAsync(new NameInfo("svc"));
        await Node.Irm.RegisterNameAsync("svc", ipcp);
        var irmd = (await probe.Next<IpcpProtocol.Register>()).Sender;
        _handshake.Serving = _ => throw new FlowException(FlowError.AuthenticationFailed, "no OAP message");
        var server = await Serve("svc");
        var accept = server.AcceptAsync().AsTask();
        await IrmdIsDone();

        var hash = NameHash.Of(DirectoryHash.Sha3_256, "svc");
        irmd.Tell(new IpcpProtocol.FlowRequestArrived(ipcp, 1, hash, QosSpec.Raw, TimeSpan.FromMilliseconds(1), default), probe.Actor);

        Assert.That((await probe.Next<IpcpProtocol.RespondFlow>()).Message.Response, Is.EqualTo(FlowError.AuthenticationFailed));
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.AuthenticationFailed));
        Assert.That(_handshake.Log, Is.EqualTo(new[] { "serve svc " }));
    }

    private static async Task Carries(Flow from, Flow to, byte what)
    {
        await from.WriteAsync(new[] { what });
        var buffer = new byte[4];
        Assert.That(await to.ReadAsync(buffer).AsTask().WaitAsync(Soon), Is.EqualTo(1));
        Assert.That(buffer[0], Is.EqualTo(what));
    }
}

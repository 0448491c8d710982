using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime.Flows;

/// <summary>What becomes of a flow when the handshake is refused (irmd.md section 3, rows 11 and 13).</summary>
[TestFixture(0u, 0u, false)]
[TestFixture(1001u, 1002u, false)]
[TestFixture(1001u, 1002u, true)]
public sealed class SecurityTests(uint serverUid, uint clientUid, bool light) : RuntimeTest
{
    private readonly FakeSecurity _handshake = new() { Light = light };

    protected override IFlowSecurity Security => _handshake;

    [TearDown]
    public void Forget() => _handshake.Reset();

    /// <summary>Runs before the runtime is stopped: whoever gave up, nothing of a handshake is left, and no saga.</summary>
    protected override async Task BeforeStop()
    {
        await Until(() => _handshake.Live == 0, "no key is left of any handshake");
        await Until(() => Node.Handshakes() == 0, "no saga is left");
    }

    [Test]
    public async Task The_blobs_of_the_handshake_arrive_at_the_other_side()
    {
        var (server, client) = await Ends();
        await Connect(client, server, "svc");
        Assert.That(_handshake.Log, Is.EqualTo(new[] { "begin svc", "serve svc request", "complete svc response" }));
    }

    [TestCase(FlowError.CryptoFailed)]
    [TestCase(FlowError.AuthenticationFailed)]
    public async Task When_the_server_refuses_both_ends_get_the_error_and_the_next_accept_works(FlowError error)
    {
        var (server, client) = await Ends();
        _handshake.Serving = _ => throw new FlowException(error, "refused by the server");

        await BothFail(server, client, error);

        _handshake.Reset();
        var (a, b) = await Connect(client, server, "svc");
        await a.WriteAsync(Bytes(2));
        Assert.That(await Read(b), Is.EqualTo(Bytes(2)));
    }

    [TestCase(FlowError.CryptoFailed)]
    [TestCase(FlowError.AuthenticationFailed)]
    public async Task When_the_client_refuses_the_answer_it_gets_the_error_and_the_server_no_live_flow(FlowError error)
    {
        var (server, client) = await Ends();
        _handshake.Completing = () => throw new FlowException(error, "refused by the client");
        var accept = server.AcceptAsync().AsTask();

        Assert.That(await ErrorOf(client.AllocateAsync("svc")), Is.EqualTo(error));
        if (serverUid == clientUid)
        {
            Assert.That(await ErrorOf(accept), Is.EqualTo(error));
        }
        else
        {
            // Through a layer the server has answered by then; it is told by deallocation.
            var orphan = await accept.WaitAsync(Soon);
            await Until(() => orphan.IsDown, "the server's end is down");
            orphan.Deallocate();
        }
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "nothing is left");

        _handshake.Reset();
        var (a, _) = await Connect(client, server, "svc");
        Assert.That(a.IsDown, Is.False);
    }

    [Test]
    public async Task When_the_client_cannot_even_begin_it_gets_the_error()
    {
        var (server, client) = await Ends();
        _handshake.Beginning = () => throw new FlowException(FlowError.CryptoFailed, "no such cipher");
        var accept = server.AcceptAsync().AsTask();

        Assert.That(await ErrorOf(client.AllocateAsync("svc")), Is.EqualTo(FlowError.CryptoFailed));

        if (serverUid == clientUid) Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.CryptoFailed));
        _handshake.Reset();
        if (serverUid == clientUid) accept = server.AcceptAsync().AsTask();
        var flow = await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
        Assert.That((await accept.WaitAsync(Soon)).IsDown || flow.IsDown, Is.False);
    }

    [Test]
    public async Task A_handshake_that_breaks_is_an_error_for_both_ends_and_nothing_else()
    {
        var (server, client) = await Ends();
        _handshake.Serving = _ => throw new InvalidOperationException("a defect");
        var accept = server.AcceptAsync().AsTask();
        var allocate = client.AllocateAsync("svc").AsTask();

        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That(await ErrorOf(allocate), Is.AnyOf(FlowError.BrokenPipe, FlowError.IpcpFailed));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "nothing is left");
        _handshake.Reset();
        await Connect(client, server, "svc");
    }

    private async Task<(Application Server, Application Client)> Ends()
    {
        await LocalLayer("loc", "L", "svc");
        return (await Serve("svc", uid: serverUid), await Attach(uid: clientUid));
    }

    private async Task BothFail(Application server, Application client, FlowError error)
    {
        var accept = server.AcceptAsync().AsTask();
        var allocate = client.AllocateAsync("svc").AsTask();
        Assert.That(await ErrorOf(allocate), Is.EqualTo(error));
        Assert.That(await ErrorOf(accept), Is.EqualTo(error));
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "nothing is left");
    }
}

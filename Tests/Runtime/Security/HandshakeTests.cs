using Akka.Actor;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Security;
using Ouroboros.Runtime.Security.Handshakes;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>Sagas: whatever becomes of a handshake, everybody is answered and nothing is left, and no handshake waits for another.</summary>
[TestFixture(0u, 0u)]
[TestFixture(1001u, 1002u)]
public sealed class HandshakeTests(uint serverUid, uint clientUid) : RuntimeTest
{
    private static readonly string[] Ways = ["kill", "poison"];

    private readonly FakeSecurity _security = new();
    private readonly ManualResetEventSlim _release = new();
    private int _stuck;

    protected override IFlowSecurity Security => _security;

    // Whatever the machine has: more of them than of these are stuck at once.
    protected override RuntimeConfig Config => base.Config with { Security = new SecuritySettings { Threads = 2 } };

    private bool IsDirect => serverUid == clientUid;

    protected override async Task BeforeStop()
    {
        _release.Set();
        await Until(() => _security.Live == 0, "no key is left of any handshake");
        await Until(() => Node.Handshakes() == 0, "no saga is left");
        Assert.That((await Node.Irm.ListFlowsAsync()), Is.Empty);
    }

    [SetUp]
    public void Begin()
    {
        _release.Reset();
        _security.Reset();
        _stuck = 0;
    }

    [Test]
    public async Task An_agreed_flow_has_its_cipher_at_both_ends_and_its_saga_is_gone()
    {
        var (server, client) = await Ends();
        var (a, b) = await Connect(client, server, "svc");
        Assert.That((a.Cipher, b.Cipher), Is.EqualTo((Crypto.Algorithms.CipherAlgorithm.Aes256Gcm, Crypto.Algorithms.CipherAlgorithm.Aes256Gcm)));
        await a.WriteAsync(Bytes(100));
        Assert.That(await Read(b), Is.EqualTo(Bytes(100)));
        Assert.That(a.MaxPacketSize, Is.EqualTo(client.Pool.MaxLength - 28).Or.EqualTo(server.Pool.MaxLength - 28));
        Assert.That(_security.Live, Is.EqualTo(2), "the two ciphers");
        await Until(() => Node.Handshakes() == 0, "the saga is gone");
        a.Deallocate();
        b.Deallocate();
        await Until(() => _security.Live == 0, "the ciphers go with the flow");
    }

    [Test]
    public async Task What_was_written_before_the_answer_was_read_is_held_and_decrypted()
    {
        var (server, client) = await Ends();
        // The client checks the answer late: the server has its flow by then, where a layer carries it.
        var checking = new ManualResetEventSlim();
        _security.Completing = () => checking.Wait();
        var accept = server.AcceptAsync().AsTask();
        var allocate = client.AllocateAsync("svc").AsTask();
        if (!IsDirect)
        {
            var early = await accept.WaitAsync(Soon);
            for (var i = 1; i <= 5; i++) await early.WriteAsync(Bytes(i));
        }
        checking.Set();
        var a = await allocate.WaitAsync(Soon);
        var b = await accept.WaitAsync(Soon);
        if (IsDirect) for (var i = 1; i <= 5; i++) await b.WriteAsync(Bytes(i));
        for (var i = 1; i <= 5; i++) Assert.That(await Read(a), Is.EqualTo(Bytes(i)));
    }

    [Test]
    public async Task A_stuck_handshake_delays_no_other()
    {
        var (server, client) = await Ends();
        _security.Serving = name =>
        {
            if (name == "svc") Stick();
        };
        var others = await Others("other");
        // More of them than there are threads, and all in the middle of it.
        const int stuck = 5;
        var accepts = Enumerable.Range(0, stuck).Select(_ => server.AcceptAsync().AsTask()).ToArray();
        var allocates = Enumerable.Range(0, stuck).Select(_ => client.AllocateAsync("svc").AsTask()).ToArray();
        await Until(
            () =>
            {
                AddThreads(stuck);
                return Volatile.Read(ref _stuck) == stuck;
            },
            "all of them are stuck: each got a thread");

        var accept = others.AcceptAsync().AsTask();
        var allocate = client.AllocateAsync("other").AsTask();
        await Until(
            () =>
            {
                AddThreads(stuck + 1);
                return accept.IsCompleted && allocate.IsCompleted;
            },
            "the other one gets its flow");
        Assert.That((await allocate.WaitAsync(Soon)).IsDown, Is.False);

        _release.Set();
        await Task.WhenAll(accepts).WaitAsync(Soon);
        await Task.WhenAll(allocates).WaitAsync(Soon);
    }

    [Test]
    public async Task A_handshake_that_never_ends_is_given_up_at_its_timeout_and_both_ends_are_told()
    {
        var (server, client) = await Ends();
        _security.Serving = _ => Stick();
        var (accept, allocate) = await Stuck(server, client);
        Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.That(accept.IsCompleted || allocate.IsCompleted, Is.False);
        await PassUntilDone(Task.WhenAll(accept, allocate), TimeSpan.FromMilliseconds(1));
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.CryptoFailed));
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.CryptoFailed));
        await Until(() => Node.Handshakes() == 0, "the saga is gone, though its thread is stuck");
    }

    [Test]
    public async Task A_client_that_never_gets_to_its_request_is_given_up_when_its_time_is_up()
    {
        var (server, client) = await Ends();
        _security.Beginning = () => Stick();
        var accept = server.AcceptAsync().AsTask();
        var allocate = await Begun(() => client.AllocateAsync("svc", timeout: TimeSpan.FromSeconds(3)).AsTask());
        await Until(() => Volatile.Read(ref _stuck) == 1, "it is stuck");
        await PassUntilDone(allocate, TimeSpan.FromSeconds(3));
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.TimedOut));
        _release.Set();
        _security.Reset();
        if (IsDirect)
        {
            await PassUntilDone(accept, TimeSpan.FromSeconds(2));
            Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.CryptoFailed));
            accept = server.AcceptAsync().AsTask();
        }
        Assert.That((await client.AllocateAsync("svc").AsTask().WaitAsync(Soon)).IsDown, Is.False);
        await accept.WaitAsync(Soon);
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_saga_that_is_killed_answers_both_ends_and_leaves_nothing(string way)
    {
        var (server, client) = await Ends();
        _security.Serving = _ => Stick();
        var (accept, allocate) = await Stuck(server, client);
        foreach (var saga in Node.Sagas()) Node.System.ActorSelection(saga).Tell(way == "kill" ? Kill.Instance : PoisonPill.Instance);

        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That(await ErrorOf(allocate), Is.AnyOf(FlowError.BrokenPipe, FlowError.IpcpFailed));
        _release.Set();
        _security.Reset();
        await Connect(client, server, "svc");
    }

    [TestCaseSource(nameof(Ways))]
    public async Task The_parent_of_sagas_that_is_killed_loses_none_and_one_that_is_stopped_is_made_again(string way)
    {
        var (server, client) = await Ends();
        _security.Serving = _ => Stick();
        var (accept, allocate) = await Stuck(server, client);
        var parent = await Node.System.ActorSelection("/user/irmd/oap").ResolveOne(Soon);
        parent.Tell(way == "kill" ? Kill.Instance : PoisonPill.Instance);
        if (way == "poison")
        {
            Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
            Assert.That(await ErrorOf(allocate), Is.AnyOf(FlowError.BrokenPipe, FlowError.IpcpFailed));
            await Until(() => Node.Inspect().All.Any(a => a.Path == "/user/irmd/oap"), "it is made again");
        }
        _release.Set();
        _security.Reset();
        if (way == "kill") await Task.WhenAll(accept, allocate).WaitAsync(Soon);
        // A handshake that is asked for just when the parent ends is told so, and works when asked for again.
        await Until(async () => await Works(client, server), "handshakes work again");
    }

    [Test]
    public async Task A_flow_that_is_killed_takes_its_handshake_along()
    {
        var (server, client) = await Ends();
        _security.Serving = _ => Stick();
        var (accept, allocate) = await Stuck(server, client);
        foreach (var flow in await Node.Irm.ListFlowsAsync()) Node.System.ActorSelection($"/user/irmd/flows/{flow.Id}").Tell(Kill.Instance);
        Assert.That(await ErrorOf(accept), Is.EqualTo(FlowError.BrokenPipe));
        if (IsDirect)
        {
            // The request had not been answered: it is given to the next acceptor.
            accept = server.AcceptAsync().AsTask();
            _release.Set();
            await Task.WhenAll(accept, allocate).WaitAsync(Soon);
        }
        else
        {
            Assert.That(await ErrorOf(allocate), Is.AnyOf(FlowError.BrokenPipe, FlowError.IpcpFailed));
        }
    }

    [Test]
    public async Task An_acceptor_that_gives_up_in_the_middle_does_not_wait_for_the_handshake()
    {
        var (server, client) = await Ends();
        _security.Serving = _ => Stick();
        using var patience = new CancellationTokenSource();
        var (accept, allocate) = await Stuck(server, client, accepting: patience.Token);
        await patience.CancelAsync();
        Assert.That(async () => await accept.WaitAsync(Soon), Throws.InstanceOf<OperationCanceledException>());
        if (IsDirect)
        {
            accept = server.AcceptAsync().AsTask();
            _release.Set();
            await Task.WhenAll(accept, allocate).WaitAsync(Soon);
        }
        else
        {
            Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.IpcpFailed));
        }
    }

    [Test]
    public async Task A_client_that_gives_up_in_the_middle_costs_the_acceptor_nothing()
    {
        var (server, client) = await Ends();
        _security.Serving = _ => Stick();
        using var patience = new CancellationTokenSource();
        var (accept, allocate) = await Stuck(server, client, allocating: patience.Token);
        await patience.CancelAsync();
        Assert.That(async () => await allocate.WaitAsync(Soon), Throws.InstanceOf<OperationCanceledException>());
        await IrmdIsDone();
        _release.Set();
        _security.Reset();
        var flow = await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
        Assert.That((await accept.WaitAsync(Soon), flow.IsDown).IsDown, Is.False);
    }

    [Test]
    public async Task An_application_that_leaves_in_the_middle_takes_its_handshake_along([Values] bool serverLeaves)
    {
        var (server, client) = await Ends();
        _security.Serving = _ => Stick();
        var (accept, allocate) = await Stuck(server, client);
        await (serverLeaves ? server : client).DisposeAsync();
        Assert.That(await ErrorOf(serverLeaves ? accept : allocate), Is.EqualTo(FlowError.BrokenPipe));
        _release.Set();
        if (!serverLeaves) return;
        if (IsDirect) await PassUntilDone(allocate, TimeSpan.FromSeconds(20));
        Assert.That(await ErrorOf(allocate), Is.AnyOf(FlowError.IpcpFailed, FlowError.BrokenPipe, FlowError.TimedOut));
    }

    private async Task<(Application Server, Application Client)> Ends()
    {
        await LocalLayer("loc", "L", "svc", "other");
        return (await Serve("svc", uid: serverUid), await Attach(uid: clientUid));
    }

    private Task<Application> Others(string name) => Serve(name, uid: serverUid);

    private async Task<(Task<Flow> Accept, Task<Flow> Allocate)> Stuck(
        Application server, Application client, CancellationToken accepting = default, CancellationToken allocating = default)
    {
        var accept = await Begun(() => server.AcceptAsync(cancellationToken: accepting).AsTask());
        var allocate = client.AllocateAsync("svc", cancellationToken: allocating).AsTask();
        await Until(() => Volatile.Read(ref _stuck) == 1, "the server is stuck in the handshake");
        return (accept, allocate);
    }

    private async Task<bool> Works(Application client, Application server)
    {
        var accept = server.AcceptAsync().AsTask();
        try
        {
            var flow = await client.AllocateAsync("svc").AsTask().WaitAsync(Soon);
            (await accept.WaitAsync(Soon)).Deallocate();
            flow.Deallocate();
            return true;
        }
        catch (FlowException)
        {
            if (!accept.IsCompleted) await Attempt(accept);
            return false;
        }
    }

    private async Task Attempt(Task<Flow> accept)
    {
        // The acceptor of a failed attempt has failed too, or still waits and gets the next one.
        var client = await Attach(uid: clientUid);
        while (!accept.IsCompleted)
        {
            try
            {
                (await client.AllocateAsync("svc").AsTask().WaitAsync(Soon)).Deallocate();
            }
            catch (FlowException)
            {
            }
        }
        if (accept.IsCompletedSuccessfully) (await accept).Deallocate();
    }

    /// <summary>Lets the time pass after which a thread is added, if somebody waits for that.</summary>
    private void AddThreads(int handshakes)
    {
        var threads = Node.HandshakeThreads;
        // As long as one of them is not there yet, its layers are being asked, and they have 200 ms.
        if (threads.Running + threads.Waiting != handshakes) return;
        // Those that have been added have begun, and all that run are stuck: else one would go on adding time until handshakes are late.
        if (threads.Threads == threads.Running && threads.Running == Volatile.Read(ref _stuck) && threads.Waiting > 0 && Time.IsAwaited(HandshakeWorkers.StuckAfter)) Time.Advance(HandshakeWorkers.StuckAfter);
    }

    private void Stick()
    {
        Interlocked.Increment(ref _stuck);
        _release.Wait();
    }
}

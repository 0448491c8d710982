using System.Net.Sockets;
using System.Runtime.Versioning;
using Google.Protobuf;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Control.Wire;
using Serilog.Core;
using static Ouroboros.Tests.Runtime.Patient;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>The socket itself: who gets in, how long he may do nothing, what happens to what is no request.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ControlServerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly byte[] ListNames = new IrmMsg { Code = IrmCode.ListNames }.ToByteArray();

    private string _folder = null!;
    private ManualTimeProvider _time = null!;
    private FakeHandler _handler = null!;
    private uint _uid;

    private string SocketPath => Path.Combine(_folder, "irm.sock");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("o7s-control").FullName;
        _time = new ManualTimeProvider();
        _handler = new FakeHandler();
        _uid = 0;
    }

    [TearDown]
    public void RemoveFolder()
    {
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty, "the server left files behind");
        Directory.Delete(_folder);
    }

    [Test]
    public async Task One_request_gets_one_reply_and_then_the_connection_is_closed()
    {
        await using var server = Start();
        using var client = await ConnectAsync();
        await client.SendAsync(ListNames);

        Assert.That(Convert.ToHexString(await ReceiveAsync(client)), Is.EqualTo("081BC80100"));
        Assert.That(await ReceiveAsync(client), Is.Empty);
        Assert.That(_handler.Requests.Single().Code, Is.EqualTo(IrmCode.ListNames));
    }

    [Test]
    public async Task A_silent_client_blocks_nobody_and_is_dropped_after_the_idle_timeout()
    {
        await using var server = Start();
        using var silent = await ConnectAsync();
        await Until(() => server.Statistics.Accepted == 1 && _time.PendingTimers > 0, "the silent client waits");
        using var other = await ConnectAsync();
        await other.SendAsync(ListNames);
        Assert.That(await ReceiveAsync(other), Is.Not.Empty);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await ReceiveAsync(silent), Is.Empty);
        await Until(() => server.Statistics is { TimedOut: 1, Connections: 0 }, "the silent client is counted");
    }

    [Test]
    public async Task Of_too_many_connections_the_one_that_has_been_silent_longest_goes()
    {
        await using var server = Start(new ControlSettings { MaxConnections = 2 });
        using var first = await ConnectAsync();
        await Until(() => server.Statistics.Accepted == 1, "the first is in");
        using var second = await ConnectAsync();
        await Until(() => server.Statistics.Accepted == 2, "the second is in");
        using var third = await ConnectAsync();

        Assert.That(await ReceiveAsync(first), Is.Empty);
        await second.SendAsync(ListNames);
        await third.SendAsync(ListNames);
        Assert.That(await ReceiveAsync(second), Is.Not.Empty);
        Assert.That(await ReceiveAsync(third), Is.Not.Empty);
        await Until(() => server.Statistics.Refused == 1, "the first is counted");
    }

    [Test]
    public async Task A_client_is_refused_when_all_connections_wait_for_commands()
    {
        _handler.Hold = new TaskCompletionSource();
        await using var server = Start(new ControlSettings { MaxConnections = 1 });
        using var busy = await ConnectAsync();
        await busy.SendAsync(ListNames);
        await Until(() => _handler.Requests.Count == 1, "the command runs");

        using var refused = await ConnectAsync();
        Assert.That(await ReceiveAsync(refused), Is.Empty);
        _handler.Hold.SetResult();
        Assert.That(await ReceiveAsync(busy), Is.Not.Empty);
        Assert.That(server.Statistics.Refused, Is.EqualTo(1));
    }

    [Test]
    public async Task One_user_cannot_take_all_connections()
    {
        _handler.Hold = new TaskCompletionSource();
        _uid = 1000;
        await using var server = Start(new ControlSettings { MaxConnections = 10, MaxConnectionsPerUser = 1 });
        using var own = await ConnectAsync();
        await own.SendAsync(ListNames);
        await Until(() => _handler.Requests.Count == 1, "the command runs");
        using var refused = await ConnectAsync();
        Assert.That(await ReceiveAsync(refused), Is.Empty);

        _uid = 1001;
        using var other = await ConnectAsync();
        await other.SendAsync(ListNames);
        await Until(() => _handler.Requests.Count == 2, "another user's command runs");
        _handler.Hold.SetResult();
        Assert.That(await ReceiveAsync(other), Is.Not.Empty);
    }

    [TestCase("")]
    [TestCase("ff")]
    [TestCase("22ff")]
    [TestCase("2202c328", Description = "a name that is not UTF-8, and no code")]
    [TestCase("0a00")]
    public async Task What_is_no_request_is_counted_and_its_connection_closed(string hex)
    {
        await using var server = Start();
        using var client = await ConnectAsync();
        await client.SendAsync(Convert.FromHexString(hex.Length == 0 ? "2200" : hex));

        Assert.That(await ReceiveAsync(client), Is.Empty);
        await Until(() => server.Statistics.Malformed == 1, "it is counted");
        Assert.That(_handler.Requests, Is.Empty);
    }

    [Test]
    public async Task A_record_longer_than_allowed_is_refused()
    {
        await using var server = Start();
        using var client = await ConnectAsync();
        var request = new IrmMsg { Code = IrmCode.DestroyName, Name = new string('x', ControlProtocol.MaxRecord) };
        await client.SendAsync(request.ToByteArray());

        Assert.That(await ReceiveAsync(client), Is.Empty);
        await Until(() => server.Statistics.Malformed == 1, "it is counted");
    }

    [Test]
    public async Task A_client_that_goes_away_cancels_what_it_waits_for()
    {
        _handler.Hold = new TaskCompletionSource();
        await using var server = Start();
        var client = await ConnectAsync();
        await client.SendAsync(ListNames);
        await Until(() => _handler.Requests.Count == 1, "the command runs");
        client.Dispose();

        await Until(() => _handler.Cancelled == 1, "the command is cancelled");
        await Until(() => server.Statistics is { Abandoned: 1, Connections: 0 }, "it is counted");
    }

    [Test]
    public async Task A_command_that_fails_in_an_unforeseen_way_costs_only_its_own_connection()
    {
        _handler.Failure = new InvalidOperationException("bug");
        await using var server = Start();
        using var client = await ConnectAsync();
        await client.SendAsync(ListNames);
        Assert.That(await ReceiveAsync(client), Is.Empty);

        _handler.Failure = null;
        using var next = await ConnectAsync();
        await next.SendAsync(ListNames);
        Assert.That(await ReceiveAsync(next), Is.Not.Empty);
    }

    [Test]
    public async Task A_client_that_does_not_read_its_reply_is_dropped_after_the_idle_timeout()
    {
        // More than the kernel keeps for a socket.
        _handler.Reply = Enumerable.Repeat(new IrmMsg { Code = IrmCode.Reply, ErrorText = new string('x', 10_000) }, 200).ToList();
        await using var server = Start();
        using var client = await ConnectAsync();
        await client.SendAsync(ListNames);
        await Until(() => _handler.Requests.Count == 1, "the command is carried out");
        await Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return server.Statistics is { TimedOut: 1, Connections: 0 };
            },
            "the client is dropped");
    }

    [Test]
    public async Task Stopping_gives_up_what_clients_wait_for()
    {
        _handler.Hold = new TaskCompletionSource();
        var server = Start();
        using var busy = await ConnectAsync();
        using var silent = await ConnectAsync();
        await busy.SendAsync(ListNames);
        await Until(() => _handler.Requests.Count == 1 && server.Statistics.Accepted == 2, "both are in");

        await server.DisposeAsync().AsTask().WaitAsync(Soon);
        Assert.That(await ReceiveAsync(busy), Is.Empty);
        Assert.That(await ReceiveAsync(silent), Is.Empty);
    }

    [Test]
    public async Task A_second_server_on_the_same_socket_is_refused_and_leaves_the_first_alone()
    {
        await using var server = Start();
        var error = Assert.Throws<FlowException>(() => Start())!;
        Assert.That(error.Error, Is.EqualTo(FlowError.AlreadyExists));
        Assert.That(error.Message, Does.Contain(SocketPath).And.Contain("already"));
        if (OperatingSystem.IsLinux()) Assert.That(error.Message, Does.Contain($"pid {Environment.ProcessId}"));

        using var client = await ConnectAsync();
        await client.SendAsync(ListNames);
        Assert.That(await ReceiveAsync(client), Is.Not.Empty);
    }

    [Test]
    public async Task A_socket_that_a_crash_left_behind_is_replaced()
    {
        var dead = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        var elsewhere = Path.Combine(_folder, "elsewhere");
        dead.Bind(new UnixDomainSocketEndPoint(elsewhere));
        File.Move(elsewhere, SocketPath);
        dead.Dispose();
        File.WriteAllText(SocketPath + ".lock", "");
        Assert.That(File.Exists(SocketPath));

        await using var server = Start();
        using var client = await ConnectAsync();
        await client.SendAsync(ListNames);
        Assert.That(await ReceiveAsync(client), Is.Not.Empty);
    }

    [Test]
    public async Task A_socket_that_somebody_without_the_lock_listens_at_is_left_alone()
    {
        using var foreign = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        foreign.Bind(new UnixDomainSocketEndPoint(SocketPath));
        foreign.Listen(0);

        Assert.That(Assert.Throws<FlowException>(() => Start())!.Error, Is.EqualTo(FlowError.AlreadyExists));
        Assert.That(File.Exists(SocketPath));
        foreign.Dispose();
        File.Delete(SocketPath);
        await Start().DisposeAsync();
    }

    [Test]
    public void Something_else_in_the_place_of_the_socket_is_named_and_not_removed()
    {
        File.WriteAllText(SocketPath, "precious");
        Assert.That(Assert.Throws<FlowException>(() => Start())!.Message, Does.Contain(SocketPath));
        Assert.That(File.ReadAllText(SocketPath), Is.EqualTo("precious"));
        File.Delete(SocketPath);
    }

    [Test]
    public async Task Anybody_may_connect_to_the_socket_and_it_is_gone_at_the_end()
    {
        var server = Start();
        Assert.That(File.GetUnixFileMode(SocketPath), Is.EqualTo((UnixFileMode)0b110_110_110));
        await server.DisposeAsync();
        Assert.That(File.Exists(SocketPath), Is.False);
    }

    [Test]
    public async Task Clients_that_connect_before_the_server_runs_are_served_when_it_does()
    {
        using var endpoint = ControlEndpoint.Open(new ControlSettings { Socket = SocketPath });
        using var early = await ConnectAsync();
        await early.SendAsync(ListNames);
        await using var server = ControlServer.Start(_handler, new ControlSettings(), _time, Logger.None, Identify, endpoint);
        Assert.That(await ReceiveAsync(early), Is.Not.Empty);
    }

    [Test]
    public async Task The_kernel_says_who_a_client_is()
    {
        await using var server = ControlServer.Start(_handler, new ControlSettings { Socket = SocketPath }, _time, Logger.None);
        using var client = await ConnectAsync();
        await client.SendAsync(ListNames);
        Assert.That(await ReceiveAsync(client), Is.Not.Empty);
        // Whoever runs the daemon has its rights.
        Assert.That(_handler.Callers.Single() with { Name = "" }, Is.EqualTo(Credentials.Current("") with { Uid = 0 }));
    }

    private ControlServer Start(ControlSettings? settings = null) =>
        ControlServer.Start(_handler, (settings ?? new ControlSettings()) with { Socket = SocketPath }, _time, Logger.None, Identify);

    private Credentials Identify(Socket socket) => new(_uid, _uid, "test");

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return client;
    }

    private static async Task<byte[]> ReceiveAsync(Socket client)
    {
        var buffer = new byte[ControlProtocol.MaxRecord];
        try
        {
            return buffer[..await client.ReceiveAsync(buffer).WaitAsync(Soon)];
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with something of ours unread.
            return [];
        }
    }
}

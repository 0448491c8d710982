using System.Net.Sockets;
using Google.Protobuf;
using Ouroboros.Runtime.Control.Wire;
using Serilog;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// The IRM daemon's socket: accepts clients, finds out who they are, and has their requests carried out with their rights, each on its own
/// and none on a thread of its own. It owns the socket file and its lock. Nothing that a client sends or fails to do reaches further than
/// its own connection.
/// </summary>
public sealed class ControlServer : IAsyncDisposable
{
    private const string Component = "irmd/control";

    // So that running out of file descriptors does not become a busy loop.
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly IControlHandler _handler;
    private readonly ControlSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RateLimitedLog _limited;
    private readonly Func<Socket, Credentials> _identify;
    private readonly ControlMetrics _metrics = new();
    private readonly ControlEndpoint _endpoint;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<ControlSession, Task> _sessions = [];
    private readonly LinkedList<ControlSession> _silent = [];
    private readonly Task _accepting;
    private int _disposed;

    private ControlServer(
        ControlEndpoint endpoint, IControlHandler handler, ControlSettings settings, TimeProvider time, ILogger log, Func<Socket, Credentials>? identify)
    {
        _endpoint = endpoint;
        _handler = handler;
        _settings = settings;
        _time = time;
        _log = log;
        _limited = new RateLimitedLog(log, time);
        _identify = identify ?? (socket => OwnerIsRoot(PeerCredentials.Of(socket).WithProgram()));
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Path => _endpoint.Path;

    /// <summary>What has happened so far.</summary>
    public ControlStatistics Statistics
    {
        get
        {
            lock (_gate) return _metrics.ToStatistics(_sessions.Count);
        }
    }

    /// <summary>Starts to serve a runtime.</summary>
    /// <param name="runtime">What requests are carried out on; its clock is that of the limits.</param>
    /// <param name="settings">The limits; and where, when there is no endpoint.</param>
    /// <param name="endpoint">Where clients connect; the server owns it from now on. Opened from the settings when null.</param>
    /// <param name="log">Its log; the global one when null.</param>
    /// <exception cref="FlowException">As <see cref="ControlEndpoint.Open"/>.</exception>
    public static ControlServer Start(OuroborosRuntime runtime, ControlSettings settings, ControlEndpoint? endpoint = null, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(settings);
        log = (log ?? Log.Logger).ForContext("SourceContext", Component);
        endpoint ??= ControlEndpoint.Open(settings);
        return new ControlServer(endpoint, new ControlCommands(runtime, runtime.Time, log), settings, runtime.Time, log, null);
    }

    /// <summary>Starts to serve whatever carries requests out, for whoever <paramref name="identify"/> says the clients are.</summary>
    internal static ControlServer Start(
        IControlHandler handler, ControlSettings settings, TimeProvider time, ILogger log, Func<Socket, Credentials>? identify = null,
        ControlEndpoint? endpoint = null) => new(endpoint ?? ControlEndpoint.Open(settings), handler, settings, time, log, identify);

    /// <summary>Stops listening, gives up what clients wait for, closes their connections and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        Task[] running;
        lock (_gate) running = [.. _sessions.Values];
        await Task.WhenAll(running).ConfigureAwait(false);
        _endpoint.Dispose();
        _metrics.Dispose();
        _stopping.Dispose();
    }

    // Whoever runs the daemon could do anything with its process anyway.
    private static Credentials OwnerIsRoot(Credentials caller) =>
        caller.Uid == Credentials.Current("").Uid ? caller with { Uid = 0 } : caller;

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Enter(await _endpoint.Listener.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                _limited.Warning("cannot accept a client: {Reason}", e.Message);
                await Task.Delay(AcceptPause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Enter(Socket socket)
    {
        _metrics.Accepted.Increment();
        Credentials caller;
        try
        {
            caller = _identify(socket);
        }
        catch (SocketException e)
        {
            _limited.Warning("cannot find out who a client is: {Reason}", e.Message);
            socket.Dispose();
            return;
        }
        var session = new ControlSession(socket, caller, _settings.IdleTimeout, _time);
        lock (_gate)
        {
            if (!MakeRoom(caller))
            {
                _metrics.Refused.Increment();
                _limited.Warning("too many connections; closed one of uid {Uid} ({Program})", caller.Uid, caller.Name);
                session.Dispose();
                return;
            }
            session.Silent = _silent.AddLast(session);
            // It starts on another thread; it cannot leave the table before it is in.
            _sessions.Add(session, Task.Run(() => ServeAsync(session)));
        }
    }

    private bool MakeRoom(Credentials caller)
    {
        var own = caller.Uid == 0 ? 0 : _sessions.Keys.Count(s => s.Caller.Uid == caller.Uid && !s.WasEvicted);
        var full = _sessions.Count >= _settings.MaxConnections;
        if (!full && own < _settings.MaxConnectionsPerUser) return true;
        var oldest = _silent.FirstOrDefault(s => full || s.Caller.Uid == caller.Uid);
        if (oldest is null) return false;
        _silent.Remove(oldest);
        oldest.Silent = null;
        oldest.Evict();
        return true;
    }

    private void Spoke(ControlSession session)
    {
        lock (_gate)
        {
            if (session.Silent is not { } place) return;
            _silent.Remove(place);
            session.Silent = null;
        }
    }

    private async Task ServeAsync(ControlSession session)
    {
        try
        {
            if (await ReceiveAsync(session).ConfigureAwait(false) is { } request) await AnswerAsync(session, request).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.Error(e, "serving {Program} (uid {Uid}) failed", session.Caller.Name, session.Caller.Uid);
        }
        finally
        {
            Spoke(session);
            session.Dispose();
            lock (_gate) _sessions.Remove(session);
        }
    }

    private async Task<IrmMsg?> ReceiveAsync(ControlSession session)
    {
        try
        {
            await session.WaitForRequestAsync(_stopping.Token).ConfigureAwait(false);
            Spoke(session);
            return Receive(session);
        }
        catch (OperationCanceledException)
        {
            if (session.WasEvicted) _metrics.Refused.Increment();
            else if (!_stopping.IsCancellationRequested) _metrics.TimedOut.Increment();
        }
        catch (SocketException)
        {
            // The client is gone.
        }
        return null;
    }

    private IrmMsg? Receive(ControlSession session)
    {
        Span<byte> buffer = stackalloc byte[ControlProtocol.MaxRecord + 1];
        var length = session.ReceiveRequest(buffer);
        if (length == 0) return null;
        if (TryParse(buffer[..length], out var request, out var reason))
        {
            _metrics.Requests.Increment();
            return request;
        }
        _metrics.Malformed.Increment();
        _limited.Warning("malformed request of {Length} bytes from {Program} (uid {Uid}): {Reason}", length, session.Caller.Name, session.Caller.Uid, reason);
        return null;
    }

    private async Task AnswerAsync(ControlSession session, IrmMsg request)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var watch = CancelWhenGoneAsync(session, gone, answered.Token);
        IConversation? next = null;
        try
        {
            var answer = await _handler.ExecuteAsync(request, session.Caller, gone.Token).ConfigureAwait(false);
            next = answer.Next;
            if (answer.Replies.Count > 0 && answer.Replies[0].Result < 0) _metrics.Failed.Increment();
            // What the client sends from now on, if anything, is for the conversation.
            if (next is not null) await StopAsync(answered, watch).ConfigureAwait(false);
            foreach (var reply in answer.Replies) await session.SendAsync(reply, gone.Token).ConfigureAwait(false);
            if (next is not null) await next.RunAsync(session, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (_stopping.IsCancellationRequested) return;
            if (gone.IsCancellationRequested) _metrics.Abandoned.Increment();
            else _metrics.TimedOut.Increment();
        }
        catch (SocketException)
        {
            _metrics.Abandoned.Increment();
        }
        finally
        {
            await StopAsync(answered, watch).ConfigureAwait(false);
            if (next is not null) await next.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task StopAsync(CancellationTokenSource answered, Task watch)
    {
        await answered.CancelAsync().ConfigureAwait(false);
        await watch.ConfigureAwait(false);
    }

    private static async Task CancelWhenGoneAsync(ControlSession session, CancellationTokenSource gone, CancellationToken answered)
    {
        await session.WaitUntilGoneAsync(answered).ConfigureAwait(false);
        if (!answered.IsCancellationRequested) await gone.CancelAsync().ConfigureAwait(false);
    }

    internal static bool TryParse(ReadOnlySpan<byte> record, out IrmMsg? request, out string reason)
    {
        request = null;
        if (record.Length > ControlProtocol.MaxRecord)
        {
            reason = $"longer than {ControlProtocol.MaxRecord} bytes";
            return false;
        }
        try
        {
            request = IrmMsg.Parser.ParseFrom(record);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            reason = e.Message;
            return false;
        }
        reason = "no code";
        return request.HasCode;
    }
}

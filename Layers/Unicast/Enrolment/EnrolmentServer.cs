using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>
/// The side of enrolments that lets others in, as a sans-I/O core. Each is served by itself, with a deadline for every message, so that silent ones
/// hold up nobody; nothing about an enrolee is kept once its flow is released.
/// </summary>
public sealed class EnrolmentServer
{
    private readonly EnrolmentSettings _settings;
    private readonly EnrolmentCounters _counters;
    private readonly IEnrolmentOutput _output;
    private readonly Dictionary<int, Session> _sessions = [];

    /// <summary>Without enrolments.</summary>
    public EnrolmentServer(EnrolmentSettings settings, EnrolmentCounters counters, IEnrolmentOutput output)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(counters);
        ArgumentNullException.ThrowIfNull(output);
        _settings = settings;
        _counters = counters;
        _output = output;
    }

    /// <summary>What those who enrol are given; null = nobody is let in.</summary>
    public ConfigMessage? Offer { get; set; }

    /// <summary>Enrolments under way.</summary>
    public int Count => _sessions.Count;

    /// <summary>When <see cref="Tick"/> is due; <see cref="TimeSpan.MaxValue"/> = never.</summary>
    public TimeSpan Deadline => _sessions.Count == 0 ? TimeSpan.MaxValue : _sessions.Values.Min(s => s.Deadline);

    /// <summary>Somebody wants to enrol; connection establishment is done.</summary>
    public void Serve(LowerFlow flow, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (_sessions.Count >= _settings.MaxServed)
        {
            _counters.Note(EnrolmentFailure.TooMany);
            _output.Release(flow);
            return;
        }
        _sessions.Add(flow.Id, new Session(flow, now + _settings.MessageTimeout));
        _output.Listen(flow);
    }

    /// <summary>A message of an enrolee. Keep-alives say nothing: the next one is waited for.</summary>
    /// <param name="flow">Its flow.</param>
    /// <param name="data">The message.</param>
    /// <param name="clock">Wall clock.</param>
    /// <param name="now">The time.</param>
    public void Receive(int flow, ReadOnlySpan<byte> data, DateTimeOffset clock, TimeSpan now)
    {
        if (!_sessions.TryGetValue(flow, out var session)) return;
        if (data.IsEmpty) _output.Listen(session.Flow);
        else if (session.Id is null) OnRequest(session, data, clock, now);
        else OnAck(session, data);
    }

    /// <summary>A flow has ended.</summary>
    public void OnFlowEnded(int flow)
    {
        if (!_sessions.TryGetValue(flow, out var session)) return;
        // The reference's enrolee says nothing when it fails: it ends the flow.
        End(session, EnrolmentFailure.FlowEnded);
    }

    /// <summary>Gives silent enrolees up.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var session in _sessions.Values.Where(s => s.Deadline <= now).ToList()) End(session, EnrolmentFailure.Silent);
    }

    /// <summary>Ends it: all flows are released.</summary>
    public void Stop()
    {
        foreach (var session in _sessions.Values) _output.Release(session.Flow);
        _sessions.Clear();
    }

    private void OnRequest(Session session, ReadOnlySpan<byte> data, DateTimeOffset clock, TimeSpan now)
    {
        if (!EnrolmentRequest.TryParse(data, out var request))
        {
            End(session, EnrolmentFailure.Malformed);
            return;
        }
        if (Offer is not { } offer)
        {
            _output.Send(session.Flow, EnrolmentResponse.Write(request.Id, clock, -(int)FlowError.WrongIpcpState, null));
            End(session, EnrolmentFailure.NotReady);
            return;
        }
        if (!_output.Send(session.Flow, EnrolmentResponse.Write(request.Id, clock, 0, offer)))
        {
            End(session, EnrolmentFailure.NotSent);
            return;
        }
        session.Id = request.Id.ToArray();
        session.Deadline = now + _settings.AckTimeout;
        _output.Listen(session.Flow);
    }

    private void OnAck(Session session, ReadOnlySpan<byte> data)
    {
        if (!EnrolmentAck.TryParse(data, out var ack)) End(session, EnrolmentFailure.Malformed);
        else if (ack.Result != 0) End(session, EnrolmentFailure.FailedThere);
        else
        {
            // Another id only deserves a note, as in the reference: the flow says whose it is.
            if (!ack.Id.SequenceEqual(session.Id)) _counters.Note(EnrolmentFailure.WrongId);
            _counters.NoteCompleted();
            End(session, null);
        }
    }

    private void End(Session session, EnrolmentFailure? reason)
    {
        _sessions.Remove(session.Flow.Id);
        if (reason is { } failure) _counters.Note(failure);
        _output.Release(session.Flow);
    }

    private sealed class Session(LowerFlow flow, TimeSpan deadline)
    {
        public LowerFlow Flow { get; } = flow;

        public TimeSpan Deadline { get; set; } = deadline;

        /// <summary>That of the request, once it was answered.</summary>
        public byte[]? Id { get; set; }
    }
}

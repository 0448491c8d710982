using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Layers.Unicast.Connections.Wire;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>
/// The side of an enrolment that wants to join, as a sans-I/O core: connection establishment, request, response, and when the components run, the
/// acknowledgement. Everything in a response is checked before anything is touched (layer-management.md D3).
/// </summary>
public sealed class Enrolee
{
    private readonly IEnrolmentCodec _codec;
    private readonly EnrolmentSettings _settings;
    private readonly string _destination;
    private readonly byte[] _id;
    private Stage _stage = Stage.Connecting;
    private DateTimeOffset _askedAt;
    private TimeSpan _askedNow;

    /// <summary>An enrolment over a flow that is there.</summary>
    /// <param name="codec">The kind of layer to join.</param>
    /// <param name="settings">Time-outs.</param>
    /// <param name="destination">Name that the flow was allocated to.</param>
    /// <param name="random">Source of the id.</param>
    /// <param name="now">The time.</param>
    public Enrolee(IEnrolmentCodec codec, EnrolmentSettings settings, string destination, Random random, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(random);
        _codec = codec;
        _settings = settings;
        _destination = destination;
        _id = new byte[EnrolmentRequest.IdLength];
        random.NextBytes(_id);
        Deadline = now + settings.ConnectTimeout;
    }

    private enum Stage
    {
        Connecting,
        Asking,
        Answered,
    }

    /// <summary>When it has failed unless something comes; <see cref="TimeSpan.MaxValue"/> once the response is there.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Names this enrolment, in both logs.</summary>
    public ReadOnlySpan<byte> Id => _id;

    /// <summary>How far the member's clock was off at most, of use for a warning; null before its response.</summary>
    public TimeSpan? ClockOffset { get; private set; }

    /// <summary>The first message.</summary>
    public static byte[] Begin() => CepMessage.Of(Component.Enrolment, 0);

    /// <summary>A message of the member. Keep-alives are none.</summary>
    /// <param name="data">The message.</param>
    /// <param name="clock">Wall clock.</param>
    /// <param name="now">The time.</param>
    public EnroleeResult Receive(ReadOnlySpan<byte> data, DateTimeOffset clock, TimeSpan now)
    {
        if (data.IsEmpty || _stage == Stage.Answered) return default;
        return _stage == Stage.Connecting ? OnConnected(data, clock, now) : OnResponse(data, clock, now);
    }

    /// <summary>The acknowledgement, when the components run, or could not be started.</summary>
    public byte[] Confirm(bool done) => EnrolmentAck.Write(_id, done ? 0 : -(int)FlowError.IpcpFailed);

    /// <summary>Nothing came in time.</summary>
    public EnroleeResult OnSilence() => Fail(
        EnrolmentFailure.Silent,
        _stage == Stage.Connecting ? CepCheck.Explain(CepFailure.Silent, ComponentNames.Enrolment, _destination) : $"'{_destination}' did not answer the request in time");

    private EnroleeResult OnConnected(ReadOnlySpan<byte> data, DateTimeOffset clock, TimeSpan now)
    {
        var failure = !CepMessage.TryParse(data, out var answer) ? CepFailure.Malformed : CepCheck.Answer(Component.Enrolment, 0, answer);
        if (failure is { } reason) return Fail(EnrolmentFailure.NotConnected, CepCheck.Explain(reason, ComponentNames.Enrolment, _destination));
        _stage = Stage.Asking;
        _askedAt = clock;
        _askedNow = now;
        Deadline = now + _settings.MessageTimeout;
        return new EnroleeResult(EnrolmentRequest.Write(_id), null, null, null);
    }

    private EnroleeResult OnResponse(ReadOnlySpan<byte> data, DateTimeOffset clock, TimeSpan now)
    {
        if (!EnrolmentResponse.TryParse(data, out var response)) return Fail(EnrolmentFailure.Malformed, $"'{_destination}' sent no response that can be read");
        if (!response.Id.SequenceEqual(_id)) return Fail(EnrolmentFailure.WrongId, $"'{_destination}' answered another enrolment");
        if (response.Response < 0) return Fail(EnrolmentFailure.Denied, $"'{_destination}' denied the enrolment ({response.Response})");
        if (!response.HasConfig) return Fail(EnrolmentFailure.BadConfig, $"'{_destination}' sent no configuration");
        if (!ConfigMessage.TryParse(response.Config, out var config)) return Fail(EnrolmentFailure.BadConfig, $"'{_destination}' sent a configuration that cannot be read");
        if (config!.Type != (uint)_codec.Type)
        {
            return Fail(EnrolmentFailure.WrongType, $"layer '{config.LayerName}' of '{_destination}' is of type {config.Type}, this IPCP of type {(int)_codec.Type}");
        }
        try
        {
            var read = _codec.Read(config);
            NoteClock(response, clock, now);
            _stage = Stage.Answered;
            Deadline = TimeSpan.MaxValue;
            return new EnroleeResult(null, read, null, null);
        }
        catch (FlowException e)
        {
            return Fail(EnrolmentFailure.BadConfig, $"layer '{config.LayerName}' of '{_destination}' cannot be joined: {e.Message}");
        }
    }

    // The round trip by our own monotonic clock; only for a warning, so nonsense is no error.
    private void NoteClock(in EnrolmentResponse response, DateTimeOffset clock, TimeSpan now)
    {
        const long Most = 253_402_300_799; // end of the year 9999
        var seconds = Math.Clamp(response.Seconds, -62_135_596_800, Most);
        var there = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(seconds == Most ? 0 : Math.Clamp(response.Nanoseconds, 0, 999_999_999) / TimeSpan.NanosecondsPerTick);
        ClockOffset = (there - _askedAt).Duration() + (now - _askedNow);
    }

    private EnroleeResult Fail(EnrolmentFailure failure, string reason)
    {
        _stage = Stage.Answered;
        Deadline = TimeSpan.MaxValue;
        return new EnroleeResult(null, null, failure, reason);
    }
}

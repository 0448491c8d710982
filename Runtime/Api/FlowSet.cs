using System.Runtime.CompilerServices;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros;

/// <summary>
/// Many flows awaited at once. Packets are reported by level: a flow that still holds packets is reported again by the next wait, so
/// reading one packet an event and reading until empty both work. Every other event is reported once. A flow is in one set at most.
/// </summary>
public sealed class FlowSet : IDisposable
{
    private const int Batch = 64;

    private readonly ReadySet<FlowEndpoint> _ready;
    private readonly ReadyEvent<FlowEndpoint>[] _events = new ReadyEvent<FlowEndpoint>[Batch];

    private readonly TimeProvider _time;

    internal FlowSet(TimeProvider time)
    {
        _time = time;
        _ready = new ReadySet<FlowEndpoint>(time);
    }

    /// <summary>Adds a flow.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.NotPermitted"/> when it is in a set already, this one included; <see cref="FlowError.NotAllocated"/> after its release.
    /// </exception>
    public void Add(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        flow.Endpoint.JoinSet(_ready);
    }

    /// <summary>Takes a flow out; its pending events are dropped. A flow of another set is left alone.</summary>
    public void Remove(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (_ready.Contains(flow.Endpoint)) flow.Endpoint.LeaveSet();
    }

    /// <summary>Whether the flow is in this set.</summary>
    public bool Contains(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return _ready.Contains(flow.Endpoint);
    }

    /// <summary>Waits for events. One consumer at a time.</summary>
    /// <param name="events">Where to put them; as many as are there and fit.</param>
    /// <param name="timeout">Zero polls; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>How many, at least 1.</returns>
    /// <exception cref="FlowException"><see cref="FlowError.TimedOut"/>.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> WaitAsync(Memory<FlowEvent> events, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var deadline = Deadline.After(_time, timeout);
        while (true)
        {
            var count = await _ready.WaitAsync(_events.AsMemory(0, Math.Min(Batch, events.Length)), deadline.Remaining, cancellationToken).ConfigureAwait(false);
            if (count == 0) throw new FlowException(FlowError.TimedOut, $"no event within {timeout.TotalMilliseconds} ms");
            var kept = Translate(events.Span, count);
            if (kept != 0) return kept;
        }
    }

    /// <summary>Takes the events that are there, without waiting. One consumer at a time.</summary>
    /// <param name="events">Where to put them; as many as are there and fit.</param>
    /// <returns>How many; 0 when there is none.</returns>
    public int Poll(Span<FlowEvent> events)
    {
        var count = _ready.Wait(_events.AsMemory(0, Math.Min(Batch, events.Length)), TimeSpan.Zero);
        return Translate(events, count);
    }

    /// <summary>Takes every flow out.</summary>
    public void Clear() => _ready.Clear();

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private int Translate(Span<FlowEvent> events, int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var (endpoint, what) = (_events[i].Member, _events[i].Events);
            // Read by somebody since it was noted: a blocking read after this event would wait for ever.
            if ((what & FlowEventType.Packet) != 0 && !endpoint.IsReadable) what &= ~FlowEventType.Packet;
            if (what != FlowEventType.None) events[kept++] = new FlowEvent((Flow)endpoint.Owner!, what);
        }
        return kept;
    }
}

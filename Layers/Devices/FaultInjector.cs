using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>A device that loses, doubles, reorders, delays and damages frames, for tests; seeded, on the clock that it is given.</summary>
public sealed class FaultInjector : DeviceDecorator
{
    private const int MaxDelayed = 4096;
    private const int AddressBytes = 12;

    private readonly FaultOptions _options;
    private readonly TimeProvider _time;
    private readonly Lane _send;
    private readonly Lane _receive;

    /// <summary>Wraps a device.</summary>
    /// <param name="inner">The device; owned.</param>
    /// <param name="options">What to do.</param>
    /// <param name="time">The clock of delays.</param>
    public FaultInjector(ILinkDevice inner, FaultOptions options, TimeProvider time)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _send = new Lane(this, options.Seed, SendNow);
        _receive = new Lane(this, options.Seed ^ 0x5EED, packet => Deliver([packet]));
    }

    /// <inheritdoc/>
    public override int Send(ReadOnlySpan<Packet> frames)
    {
        if (!_options.OnSend) return base.Send(frames);
        foreach (var frame in frames) _send.Pass(frame);
        return frames.Length;
    }

    /// <inheritdoc/>
    public override void OnReceive(ReadOnlySpan<Packet> frames)
    {
        if (!_options.OnReceive)
        {
            Deliver(frames);
            return;
        }
        foreach (var frame in frames) _receive.Pass(frame);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _send.Dispose();
        _receive.Dispose();
    }

    private void SendNow(Packet packet)
    {
        if (Inner.Send([packet]) == 1) return;
        Counters.NoteDrop(LinkDrop.Injected);
        packet.Dispose();
    }

    /// <summary>One direction.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly FaultInjector _owner;
        private readonly Action<Packet> _forward;
        private readonly Random _random;
        private readonly Lock _lock = new();
        private readonly PriorityQueue<Packet, (long At, long Order)> _delayed = new();
        private readonly ITimer _timer;
        private Packet _heldBack;
        private long _order;
        private bool _disposed;

        public Lane(FaultInjector owner, int seed, Action<Packet> forward)
        {
            _owner = owner;
            _forward = forward;
            _random = new Random(seed);
            _timer = owner._time.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        private FaultOptions Options => _owner._options;

        public void Pass(Packet packet)
        {
            var second = default(Packet);
            var before = default(Packet);
            lock (_lock)
            {
                if (_disposed || Happens(Options.Loss))
                {
                    _owner.Counters.NoteDrop(LinkDrop.Injected);
                    packet.Dispose();
                    return;
                }
                if (Happens(Options.Corrupt)) Damage(packet);
                if (Happens(Options.Duplicate)) packet.TryCopy(out second);
                if (_heldBack.IsNull && Happens(Options.Reorder))
                {
                    _heldBack = packet;
                    packet = default;
                }
                else
                {
                    (before, _heldBack) = (_heldBack, default);
                }
            }
            if (!packet.IsNull) Forward(packet);
            if (!second.IsNull) Forward(second);
            if (!before.IsNull) Forward(before);
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                _timer.Dispose();
                while (_delayed.TryDequeue(out var packet, out _)) packet.Dispose();
                _heldBack.Dispose();
                _heldBack = default;
            }
        }

        private void Forward(Packet packet)
        {
            if (Options.Delay <= TimeSpan.Zero && Options.Jitter <= TimeSpan.Zero)
            {
                _forward(packet);
                return;
            }
            lock (_lock)
            {
                var delay = Options.Delay + (_random.NextDouble() * Options.Jitter);
                if (_disposed || _delayed.Count >= MaxDelayed)
                {
                    _owner.Counters.NoteDrop(LinkDrop.Injected);
                    packet.Dispose();
                    return;
                }
                _delayed.Enqueue(packet, (Now + delay.Ticks, _order++));
                Arm();
            }
        }

        private long Now => _owner._time.GetElapsedTime(0, _owner._time.GetTimestamp()).Ticks;

        private void Arm()
        {
            if (!_delayed.TryPeek(out _, out var first)) return;
            // Timers know milliseconds: rather late than early.
            var wait = Math.Max(0, first.At - Now);
            _timer.Change(TimeSpan.FromMilliseconds((wait + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond), Timeout.InfiniteTimeSpan);
        }

        private void Release()
        {
            while (true)
            {
                Packet packet;
                lock (_lock)
                {
                    if (_disposed) return;
                    if (!_delayed.TryPeek(out packet, out var first) || first.At > Now)
                    {
                        Arm();
                        return;
                    }
                    _delayed.Dequeue();
                }
                _forward(packet);
            }
        }

        private bool Happens(double probability) => probability > 0 && _random.NextDouble() < probability;

        private void Damage(Packet packet)
        {
            var span = packet.Span;
            var from = span.Length > AddressBytes ? AddressBytes : 0;
            if (span.Length == 0) return;
            span[_random.Next(from, span.Length)] ^= (byte)(1 << _random.Next(8));
        }
    }
}

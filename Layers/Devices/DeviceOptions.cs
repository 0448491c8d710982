using Ouroboros.Hocon;

namespace Ouroboros.Layers.Devices;

/// <summary>Which decorators are put around a device; the same options in every kind of layer that has one.</summary>
/// <param name="Faults">What goes wrong on purpose.</param>
/// <param name="Capture">File that every frame is written to; null: none.</param>
/// <param name="Trace">Whether every frame is logged.</param>
public sealed record DeviceOptions(FaultOptions Faults, string? Capture, bool Trace)
{
    /// <summary>Nothing.</summary>
    public static DeviceOptions None { get; } = new(new FaultOptions(), null, false);

    /// <summary>Reads the keys <c>fault</c>, <c>pcap</c> and <c>trace</c>; see <c>hocon/reference.conf</c>.</summary>
    public static DeviceOptions Read(HoconReader options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var fault = options.GetObjectOrEmpty("fault");
        // One mistake is not to make the keys behind it unknown.
        foreach (var key in FaultKeys) fault.Ignore(key);
        var direction = fault.GetEnum("direction", Directions, (OnSend: true, OnReceive: true));
        return new DeviceOptions(
            new FaultOptions
            {
                Loss = fault.GetDouble("loss", 0, 0, 1),
                Duplicate = fault.GetDouble("duplicate", 0, 0, 1),
                Reorder = fault.GetDouble("reorder", 0, 0, 1),
                Corrupt = fault.GetDouble("corrupt", 0, 0, 1),
                Delay = fault.GetDuration("delay", TimeSpan.Zero, max: TimeSpan.FromMinutes(1)),
                Jitter = fault.GetDuration("jitter", TimeSpan.Zero, max: TimeSpan.FromMinutes(1)),
                Seed = fault.GetInt("seed", 1),
                OnSend = direction.OnSend,
                OnReceive = direction.OnReceive,
            },
            options.GetString("pcap", null),
            options.GetBoolean("trace", false));
    }

    /// <summary>Puts the decorators around a device: faults innermost, so that capture and trace show what the layer sees.</summary>
    /// <param name="device">The device; disposed when this throws.</param>
    /// <param name="time">The clock.</param>
    /// <param name="describe">How a trace describes frames.</param>
    /// <param name="print">Where a trace goes.</param>
    /// <exception cref="FlowException">The capture file cannot be made.</exception>
    public ILinkDevice Decorate(ILinkDevice device, TimeProvider time, FrameDescriber? describe, Action<string> print)
    {
        ArgumentNullException.ThrowIfNull(device);
        var decorated = device;
        try
        {
            if (Faults.IsOn) decorated = new FaultInjector(decorated, Faults, time);
            if (Capture is not null) decorated = new PcapWriter(decorated, Capture, time);
            if (Trace) decorated = new Tracer(decorated, describe, print);
            return decorated;
        }
        catch
        {
            decorated.Dispose();
            throw;
        }
    }

    private static readonly string[] FaultKeys = ["loss", "duplicate", "reorder", "corrupt", "delay", "jitter", "seed", "direction"];

    private static readonly Dictionary<string, (bool OnSend, bool OnReceive)> Directions = new()
    {
        ["send"] = (true, false),
        ["receive"] = (false, true),
        ["both"] = (true, true),
    };
}

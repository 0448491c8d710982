using System.Net.NetworkInformation;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Wire;
using Ouroboros.Pool;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Ouroboros.Layers.Ethernet;

/// <summary>
/// A network interface through libpcap or Npcap, for Windows and macOS. The library's capture thread hands frames over; sending is one call
/// a frame. It does not follow the interface: when that fails, the device fails and is opened again.
/// </summary>
internal sealed class SharpPcapDevice : ILinkDevice, IBatchSender
{
    private const int ReadTimeoutMilliseconds = 1;
    private const int SendQueue = 512;
    private const int DefaultMtu = 1500;

    // Npcap alone knows this mode; elsewhere the filter keeps out what we send ourselves.
    private static readonly DeviceModes OwnFramesNot = OperatingSystem.IsWindows() ? DeviceModes.NoCaptureLocal : DeviceModes.None;

    private readonly LibPcapLiveDevice _device;
    private readonly PacketPool _pool;
    private readonly SendPump _pump;
    private ILinkReceiver? _receiver;
    private volatile bool _disposed;

    private SharpPcapDevice(LibPcapLiveDevice device, int mtu, PacketPool pool, TimeProvider time)
    {
        _device = device;
        _pool = pool;
        Mtu = mtu;
        Address = LinkAddress.FromMac(device.MacAddress!.GetAddressBytes());
        _pump = new SendPump($"send {device.Name}", this, time, SendQueue);
    }

    /// <inheritdoc/>
    public string Name => _device.Name;

    /// <inheritdoc/>
    public LinkKind Kind => LinkKind.Ethernet;

    /// <inheritdoc/>
    public LinkAddress Address { get; }

    /// <inheritdoc/>
    public int Mtu { get; }

    /// <inheritdoc/>
    public LinkState State => _disposed ? LinkState.Closed : LinkState.Up;

    /// <inheritdoc/>
    public LinkCounters Counters { get; } = new();

    /// <inheritdoc/>
    public int QueueLength => _pump.QueueLength;

    /// <summary>Opens an interface by its name or description.</summary>
    /// <exception cref="FlowException">There is none, or it is not Ethernet, or this user may not.</exception>
    public static SharpPcapDevice Open(EthernetConfig config, PacketPool pool, TimeProvider time)
    {
        return NetworkNamespace.Run(config.Namespace, () => OpenHere(config, pool, time));
    }

    private static SharpPcapDevice OpenHere(EthernetConfig config, PacketPool pool, TimeProvider time)
    {
        try
        {
            var all = LibPcapLiveDeviceList.New();
            var device = all.FirstOrDefault(d => d.Name == config.Device || d.Description == config.Device || d.Interface?.FriendlyName == config.Device)
                ?? throw new FlowException(FlowError.InvalidArgument, $"libpcap sees no interface '{config.Device}'; it sees {string.Join(", ", all.Select(d => d.Name))}");
            device.Open(new DeviceConfiguration { Mode = OwnFramesNot, Immediate = true, ReadTimeout = ReadTimeoutMilliseconds });
            if (device.LinkType != PacketDotNet.LinkLayers.Ethernet || device.MacAddress is null)
            {
                device.Close();
                throw new FlowException(FlowError.InvalidArgument, $"interface '{config.Device}' is not an Ethernet one");
            }
            var protocol = config.EtherType is { } type ? $"ether proto 0x{type:x4}" : "ether[12:2] < 0x0600";
            var own = LinkAddress.FromMac(device.MacAddress.GetAddressBytes());
            device.Filter = $"{protocol} and not vlan and not ether src {own} and (ether dst {own} or ether broadcast or ether dst 00:00:00:00:00:00)";
            return new SharpPcapDevice(device, MtuOf(device.Name), pool, time);
        }
        catch (PcapException e)
        {
            throw new FlowException(FlowError.NotPermitted, $"libpcap cannot open '{config.Device}': {e.Message}");
        }
        catch (DllNotFoundException e)
        {
            throw new FlowException(FlowError.NotSupported, $"libpcap is not installed (libpcap, or Npcap on Windows): {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Start(ILinkReceiver receiver)
    {
        _receiver = receiver;
        _device.OnPacketArrival += OnArrival;
        _device.OnCaptureStopped += OnStopped;
        _device.StartCapture();
    }

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<Packet> frames) => _disposed ? Counters.Drop(frames, LinkDrop.LinkDown) : _pump.Send(frames);

    /// <inheritdoc/>
    public int SendBatch(ReadOnlySpan<Packet> frames)
    {
        foreach (var frame in frames)
        {
            try
            {
                _device.SendPacket(frame.Span);
                Counters.NoteSent(1, frame.Length);
            }
            catch (PcapException)
            {
                Counters.NoteDrop(LinkDrop.SendFailed);
            }
            frame.Dispose();
        }
        return frames.Length;
    }

    /// <inheritdoc/>
    public void WaitWritable(int milliseconds)
    {
        // libpcap blocks by itself.
    }

    /// <inheritdoc/>
    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => _pump.WaitWritableAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public void WakeWriters() => _pump.WakeWriters();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _device.OnPacketArrival -= OnArrival;
        _device.OnCaptureStopped -= OnStopped;
        if (_receiver is not null) _device.StopCapture();
        _pump.Dispose();
        _device.Close();
    }

    private static int MtuOf(string name)
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(i => i.Name == name)?.GetIPProperties().GetIPv4Properties().Mtu ?? DefaultMtu;
        }
        catch (NetworkInformationException)
        {
            return DefaultMtu; // no IPv4 on it
        }
    }

    private void OnArrival(object sender, PacketCapture capture)
    {
        var bytes = capture.Data;
        if (bytes.Length < EthernetHeader.Length)
        {
            Counters.NoteDrop(LinkDrop.TooShort);
            return;
        }
        if (!_pool.TryRent(bytes.Length, out var packet))
        {
            Counters.NoteDrop(LinkDrop.NoMemory);
            return;
        }
        bytes.CopyTo(packet.Span);
        Counters.NoteReceived(1, bytes.Length);
        _receiver!.OnReceive(new ReadOnlySpan<Packet>(in packet));
    }

    private void OnStopped(object sender, CaptureStoppedEventStatus status)
    {
        if (!_disposed) _receiver!.OnFailed(new InvalidOperationException($"capturing on {Name} ended: {status}"));
    }
}

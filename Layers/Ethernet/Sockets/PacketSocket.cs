using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;
using static Ouroboros.Layers.Devices.SystemCalls;
using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>An AF_PACKET socket with its filter, and an rtnetlink socket of the same namespace that says when interfaces change.</summary>
internal sealed unsafe class PacketSocket : IDisposable
{
    private const ushort Llc8022 = 0x0004;
    private readonly ushort _protocol;
    private int _disposed;

    private PacketSocket(int packet, InterfaceEvents events, ushort protocol)
    {
        Packet = packet;
        Events = events;
        _protocol = protocol;
    }

    /// <summary>The packet socket.</summary>
    public int Packet { get; }

    /// <summary>Changes of the interfaces of its namespace.</summary>
    public InterfaceEvents Events { get; }

    /// <summary>Opens the sockets in the namespace of the options; bound to no interface yet.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotPermitted"/> without CAP_NET_RAW; <see cref="FlowError.OutOfMemory"/>.</exception>
    public static PacketSocket Open(AfPacketOptions options) => NetworkNamespace.Run(options.Namespace, () => OpenHere(options));

    /// <summary>Receives from this interface, and sends to it, from now on.</summary>
    /// <returns>0, or an error number.</returns>
    public int Bind(int index)
    {
        var address = new LinkLayerAddress { Family = AfPacket, ProtocolBigEndian = BinaryPrimitives.ReverseEndianness(_protocol), InterfaceIndex = index };
        return SystemCalls.Bind(Packet, &address, 20) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Frames that the kernel dropped since the last call, because we were too slow.</summary>
    public uint TakeDrops()
    {
        var statistics = stackalloc uint[2];
        uint length = 2 * sizeof(uint);
        return GetOption(Packet, SolPacket, PacketStatistics, statistics, &length) == 0 ? statistics[1] : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _ = Close(Packet);
        Events.Dispose();
    }

    private static PacketSocket OpenHere(AfPacketOptions options)
    {
        var protocol = options.EtherType ?? Llc8022;
        // Protocol 0 receives nothing, so no frame of another interface or kind can slip in before filter and bind.
        var packet = Socket(AfPacket, SockRaw | CloseOnExec | NonBlocking, 0);
        if (packet < 0) throw Failed("open a packet socket");
        InterfaceEvents? events = null;
        try
        {
            events = InterfaceEvents.Open(InterfaceEvents.Links);
            SetUp(packet, options);
            return new PacketSocket(packet, events, protocol);
        }
        catch
        {
            _ = Close(packet);
            events?.Dispose();
            throw;
        }
    }

    private static void SetUp(int packet, AfPacketOptions options)
    {
        var instructions = options.EtherType is { } type ? PacketFilter.ForEtherType(type) : PacketFilter.ForLlc();
        fixed (FilterInstruction* first = instructions)
        {
            var program = new FilterProgram { Length = (ushort)instructions.Length, Instructions = first };
            if (SetOption(packet, SolSocket, SoAttachFilter, &program, (uint)sizeof(FilterProgram)) != 0) throw Failed("attach the frame filter");
        }
        var bytes = options.ReceiveBuffer;
        // Beyond net.core.rmem_max only with CAP_NET_ADMIN; less is no failure.
        if (SetOption(packet, SolSocket, SoReceiveBufferForce, &bytes, sizeof(int)) != 0) _ = SetOption(packet, SolSocket, SoReceiveBuffer, &bytes, sizeof(int));
        if (SetOption(packet, SolSocket, SoSendBufferForce, &bytes, sizeof(int)) != 0) _ = SetOption(packet, SolSocket, SoSendBuffer, &bytes, sizeof(int));
        if (!options.QdiscBypass) return;
        var on = 1;
        if (SetOption(packet, SolPacket, PacketQdiscBypass, &on, sizeof(int)) != 0) throw Failed("skip the queueing discipline");
    }

    private static FlowException Failed(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return error is 1 or 13
            ? new FlowException(FlowError.NotPermitted, $"cannot {what}: {ErrorText(error)}; run as root or with CAP_NET_RAW (setcap cap_net_raw+ep)")
            : new FlowException(FlowError.OutOfMemory, $"cannot {what}: {ErrorText(error)}");
    }
}

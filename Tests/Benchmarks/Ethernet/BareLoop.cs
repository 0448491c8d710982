using System.Diagnostics;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Sockets;
using Ouroboros.Layers.Ethernet.Wire;
using static Ouroboros.Layers.Devices.SystemCalls;
using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Tests.Benchmarks.Ethernet;

/// <summary>What the link takes: <c>sendmmsg</c> of always the same frames on one packet socket, <c>recvmmsg</c> on another, nothing in between.</summary>
internal static unsafe class BareLoop
{
    private const int Batch = 64;
    internal const ushort EtherType = 0xA000;
    private const byte Sap = 2;

    /// <returns>Frames a second, and how many arrived.</returns>
    /// <param name="llc">Whether the frames are 802.2 ones, which the kernel's own LLC looks at, too; else those of an ethertype.</param>
    /// <param name="ring">Version of the mapped ring to receive from, copying each frame out of it as a device would have to; null: <c>recvmmsg</c>.</param>
    public static (double Sent, double Received, long Count) Run(string from, string to, int size, TimeSpan time, bool llc = false, int? ring = null)
    {
        var (sender, source) = Open(from, "eth0", llc);
        var (receiver, destination) = Open(to, "eth0", llc);
        using var closeSender = sender;
        using var closeReceiver = receiver;
        var length = EthernetHeader.Length + (llc ? LlcHeader.Length : DixHeader.Length) + size;
        var frame = stackalloc byte[length];
        var header = new Span<byte>(frame, length);
        EthernetHeader.Write(header, destination, source, llc ? (ushort)(LlcHeader.Length + size) : EtherType);
        if (llc) LlcHeader.Write(header[EthernetHeader.Length..], Sap, Sap);
        else DixHeader.Write(header[EthernetHeader.Length..], 1, (ushort)size);
        var messages = Messages(frame, length, shared: true);
        long received = 0;
        var stop = false;
        var reader = new Thread(ring is null ? Read : ReadMapped);
        reader.Start();
        long sent = 0;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            var n = SendMany(sender.Packet, messages, Batch, 0);
            if (n > 0) sent += n;
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var arrived = Interlocked.Read(ref received);
        Volatile.Write(ref stop, true);
        reader.Join();
        return (sent / seconds, arrived / seconds, arrived);

        void Read()
        {
            var own = Messages(null, 2048, shared: false);
            var fd = new PollFd { Fd = receiver.Packet, Events = PollIn };
            while (!Volatile.Read(ref stop))
            {
                var n = ReceiveMany(receiver.Packet, own, Batch, MsgDontWait, null);
                if (n > 0) Interlocked.Add(ref received, n);
                else _ = Poll(&fd, 1, 10);
            }
        }

        void ReadMapped()
        {
            using var mapped = new MappedRing(receiver.Packet, ring!.Value);
            while (!Volatile.Read(ref stop)) Interlocked.Add(ref received, mapped.Read(10));
        }
    }

    internal static (PacketSocket Socket, LinkAddress Address) Open(string space, string device, bool llc)
    {
        var socket = PacketSocket.Open(new AfPacketOptions(device, space, llc ? null : EtherType));
        // A new link has its carrier a moment later.
        InterfaceInfo info;
        do info = InterfaceInfo.Find(socket.Packet, device) ?? throw new InvalidOperationException($"{device} is not there");
        while (!info.IsUp);
        if (socket.Bind(info.Index) != 0) throw new InvalidOperationException("cannot bind");
        return (socket, info.Address);
    }

    /// <summary>Headers of packets of this length, each with a buffer of its own or all with the same frame.</summary>
    internal static MessageHeader* Messages(byte* frame, int length, bool shared, int count = Batch)
    {
        var messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(MessageHeader));
        var vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(IoVector));
        for (var i = 0; i < count; i++)
        {
            vectors[i] = new IoVector { Base = shared ? frame : NativeMemory.Alloc((nuint)length), Length = (nuint)length };
            messages[i].Vectors = vectors + i;
            messages[i].VectorCount = 1;
        }
        return messages;
    }
}

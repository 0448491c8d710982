using System.Diagnostics;
using System.Runtime.InteropServices;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ethernet.Sockets;
using Ouroboros.Layers.Ethernet.Wire;
using static Ouroboros.Layers.Devices.SystemCalls;
using static Ouroboros.Layers.Ethernet.Sockets.Libc;

namespace Ouroboros.Tests.Benchmarks.Ethernet;

/// <summary>
/// The least that a round trip between user space programs takes here: packet sockets and threads that wait in <c>poll</c> and send a frame of their own for
/// each that comes, nothing else. A node in the middle has a thread for each way.
/// </summary>
internal static unsafe class BareTrips
{
    private const int Patience = 10;

    /// <param name="ports">Namespace and interface of both ends of each link, in the order of the way: client, next node, and so on.</param>
    /// <param name="size">Bytes of the payload.</param>
    /// <param name="trips">How many.</param>
    /// <returns>Microseconds, sorted.</returns>
    public static double[] Run(IReadOnlyList<(string Space, string Device)> ports, int size, int trips)
    {
        var sockets = ports.Select(p => BareLoop.Open(p.Space, p.Device, llc: false)).ToList();
        var threads = new List<Thread>();
        var stop = false;
        try
        {
            for (var i = 1; i < ports.Count; i += 2)
            {
                if (i == ports.Count - 1) Answer(i, i);
                else
                {
                    Answer(i, i + 1);
                    Answer(i + 1, i);
                }
            }
            var times = new List<double>(trips);
            var first = Message(FrameFrom(0));
            var received = Message(new byte[2048]);
            while (times.Count < trips)
            {
                var start = Stopwatch.GetTimestamp();
                SendMany(sockets[0].Socket.Packet, first, 1, 0);
                // One that is lost is not a round trip.
                if (Wait(0, received, 100 * Patience)) times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
            times.Sort();
            return [.. times];
        }
        finally
        {
            Volatile.Write(ref stop, true);
            foreach (var thread in threads) thread.Join();
            foreach (var (socket, _) in sockets) socket.Dispose();
        }

        void Answer(int from, int to)
        {
            var thread = new Thread(() =>
            {
                var mine = Message(FrameFrom(to));
                var received = Message(new byte[2048]);
                while (!Volatile.Read(ref stop))
                {
                    if (Wait(from, received, Patience)) SendMany(sockets[to].Socket.Packet, mine, 1, 0);
                }
            });
            threads.Add(thread);
            thread.Start();
        }

        bool Wait(int at, MessageHeader* into, int milliseconds)
        {
            var fd = new PollFd { Fd = sockets[at].Socket.Packet, Events = PollIn };
            while (true)
            {
                if (ReceiveMany(fd.Fd, into, 1, MsgDontWait, null) > 0) return true;
                if (Poll(&fd, 1, milliseconds) <= 0) return false;
            }
        }

        byte[] FrameFrom(int port)
        {
            var other = port % 2 == 0 ? port + 1 : port - 1;
            var frame = new byte[EthernetHeader.Length + DixHeader.Length + size];
            EthernetHeader.Write(frame, sockets[other].Address, sockets[port].Address, BareLoop.EtherType);
            DixHeader.Write(frame.AsSpan(EthernetHeader.Length), 1, (ushort)size);
            return frame;
        }
    }

    private static MessageHeader* Message(byte[] frame)
    {
        var message = BareLoop.Messages(null, frame.Length, shared: false, count: 1);
        Marshal.Copy(frame, 0, (nint)message->Vectors->Base, frame.Length);
        return message;
    }
}

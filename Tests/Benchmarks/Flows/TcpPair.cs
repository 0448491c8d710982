using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Tests.Benchmarks.Flows;

/// <summary>Two TCP sockets with CUBIC, in network namespaces or on loopback, and as many messages from one to the other as will go.</summary>
internal static class TcpPair
{
    private const int Tcp = 6;
    private const int CongestionControl = 13;

    /// <summary>Writes messages of a size, one a call as a user of messages does, without Nagle's delay.</summary>
    /// <param name="from">Namespace of the writer; null = this one.</param>
    /// <param name="to">Namespace of the reader.</param>
    /// <param name="address">Address of the reader.</param>
    /// <param name="size">Bytes a message.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>Megabits a second that were read within that time.</returns>
    public static double Run(string? from, string? to, IPAddress address, int size, int seconds)
    {
        using var listener = NetworkNamespace.Run(to, Open);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        using var client = NetworkNamespace.Run(from, Open);
        client.NoDelay = true;
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        long received = 0;
        var reader = new Thread(() =>
        {
            var buffer = new byte[65536];
            try
            {
                int n;
                while ((n = server.Receive(buffer)) > 0) Interlocked.Add(ref received, n);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Reset by the end of the run.
            }
        });
        reader.Start();
        var message = new byte[size];
        var start = Stopwatch.GetTimestamp();
        client.SendTimeout = 1000;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            try
            {
                for (var sent = 0; sent < size;) sent += client.Send(message.AsSpan(sent));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Nothing got across for a second; as long as the run lasts it is tried again.
            }
        }
        var result = Interlocked.Read(ref received) * 8 / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
        // What is under way is not waited for.
        client.LingerState = new LingerOption(true, 0);
        client.Close();
        server.Close();
        reader.Join();
        return result;
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(Tcp, CongestionControl, Encoding.ASCII.GetBytes("cubic"));
        return socket;
    }
}

using System.Runtime.InteropServices;
using static Ouroboros.Layers.Devices.SystemCalls;

namespace Ouroboros.Layers.Devices;

/// <summary>An rtnetlink socket that says when interfaces or addresses of the namespace change, and a way to wake whoever waits for it.</summary>
internal sealed unsafe class InterfaceEvents : IDisposable
{
    /// <summary>RTMGRP_LINK: interfaces come, go, change.</summary>
    public const uint Links = 1;

    /// <summary>RTMGRP_IPV4_IFADDR and RTMGRP_IPV6_IFADDR: addresses come and go.</summary>
    public const uint Addresses = 0x10 | 0x100;

    private int _disposed;

    private InterfaceEvents(int netlink, int wake)
    {
        Netlink = netlink;
        Wake = wake;
    }

    /// <summary>The rtnetlink socket, for <c>poll</c>.</summary>
    public int Netlink { get; }

    /// <summary>An eventfd that <see cref="Interrupt"/> makes readable, for <c>poll</c>.</summary>
    public int Wake { get; }

    /// <summary>Opens it in the namespace of the calling thread.</summary>
    /// <param name="groups">What to be told of.</param>
    /// <exception cref="FlowException"><see cref="FlowError.OutOfMemory"/>.</exception>
    public static InterfaceEvents Open(uint groups)
    {
        var netlink = Socket(AfNetlink, SockRaw | CloseOnExec | NonBlocking, NetlinkRoute);
        if (netlink < 0) throw Failed("open a netlink socket");
        var address = stackalloc uint[3] { AfNetlink, 0, groups };
        if (Bind(netlink, address, 12) != 0)
        {
            var failed = Failed("subscribe to changes of interfaces");
            _ = Close(netlink);
            throw failed;
        }
        var wake = EventFd(0, CloseOnExec | NonBlocking);
        if (wake >= 0) return new InterfaceEvents(netlink, wake);
        var noEvent = Failed("make an event");
        _ = Close(netlink);
        throw noEvent;
    }

    /// <summary>Sleeps until something has changed.</summary>
    /// <returns>false: <see cref="Interrupt"/> was called.</returns>
    public bool Wait()
    {
        var fds = stackalloc PollFd[2];
        fds[0] = new PollFd { Fd = Netlink, Events = PollIn };
        fds[1] = new PollFd { Fd = Wake, Events = PollIn };
        while (true)
        {
            _ = Poll(fds, 2, -1);
            if (fds[1].Returned != 0) return false;
            if (fds[0].Returned != 0 && Drain()) return true;
        }
    }

    /// <summary>Reads and forgets what rtnetlink says; true if it said anything.</summary>
    public bool Drain()
    {
        var buffer = stackalloc byte[8192];
        var any = false;
        while (true)
        {
            if (Receive(Netlink, buffer, 8192, MsgDontWait) >= 0) any = true;
            // More than it could hold: something has changed, whatever it was.
            else if (Marshal.GetLastPInvokeError() == Enobufs) any = true;
            else return any;
        }
    }

    /// <summary>Wakes whoever polls <see cref="Wake"/>; for good.</summary>
    public void Interrupt()
    {
        ulong one = 1;
        _ = Write(Wake, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _ = Close(Netlink);
        _ = Close(Wake);
    }

    private static FlowException Failed(string what) => new(FlowError.OutOfMemory, $"cannot {what}: {ErrorText(Marshal.GetLastPInvokeError())}");
}

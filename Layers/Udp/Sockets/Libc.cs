using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Udp.Sockets;

/// <summary>The calls and structures for many datagrams at once, which .NET does not offer; Linux, 64-bit.</summary>
internal static unsafe partial class Libc
{
    public const int Einval = 22;

    /// <summary>EHOSTUNREACH, the last of the errors that say how the network is doing; ENETDOWN is the first.</summary>
    public const int Ehostunreach = 113;

    /// <summary>MSG_WAITFORONE: the first datagram is waited for, the others are taken as they are.</summary>
    public const int WaitForOne = 0x10000;

    /// <summary>SOL_SOCKET, the same on x86 and ARM.</summary>
    public const int LevelSocket = 1;

    /// <summary>SO_SNDBUFFORCE.</summary>
    public const int SendBufferForce = 32;

    /// <summary>SO_RCVBUFFORCE.</summary>
    public const int ReceiveBufferForce = 33;

    /// <summary>SOL_UDP.</summary>
    public const int LevelUdp = 17;

    /// <summary>UDP_SEGMENT: the kernel cuts a datagram into segments of this size (Linux 4.18).</summary>
    public const int UdpSegment = 103;

    /// <summary>UDP_GRO: the kernel joins datagrams of one size and sender, and says which size (Linux 5.0).</summary>
    public const int UdpGro = 104;

    /// <summary>IPPROTO_IP.</summary>
    public const int LevelIp = 0;

    /// <summary>IPPROTO_IPV6.</summary>
    public const int LevelIpv6 = 41;

    /// <summary>IP_MTU: path MTU of a connected socket.</summary>
    public const int IpMtu = 14;

    /// <summary>IPV6_MTU.</summary>
    public const int Ipv6Mtu = 24;

    /// <summary>IP_MTU_DISCOVER.</summary>
    public const int IpMtuDiscover = 10;

    /// <summary>IPV6_MTU_DISCOVER.</summary>
    public const int Ipv6MtuDiscover = 23;

    /// <summary>IP_PMTUDISC_WANT and IPV6_PMTUDISC_WANT.</summary>
    public const int DiscoverAndFragment = 1;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int fd, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int fd, MessageHeader* messages, uint count, int flags);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SafeHandle fd, ReadOnlySpan<byte> sockaddr, int length);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int fd, int how);

    /// <summary>struct mmsghdr: struct msghdr and how many bytes it carried.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private int _padding;
        public uint Length;
        private uint _padding2;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary>struct cmsghdr with room for one number of 16 or 32 bits; CMSG_SPACE bytes in all.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlNumber
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Value;
        private int _padding;
    }
}

using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>The system calls of packet sockets; Linux, 64-bit. All take native memory: a call allocates nothing.</summary>
internal static unsafe partial class Libc
{
    public const int AfPacket = 17;
    public const int AfNetlink = 16;
    public const int SockRaw = 3;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int NetlinkRoute = 0;

    public const int SolSocket = 1;
    public const int SoReceiveBuffer = 8;
    public const int SoSendBuffer = 7;
    public const int SoAttachFilter = 26;
    public const int SoReceiveBufferForce = 33;
    public const int SoSendBufferForce = 32;
    public const int SolPacket = 263;
    public const int PacketStatistics = 6;
    public const int PacketQdiscBypass = 20;

    public const int MsgDontWait = 0x40;
    public const int MsgTruncated = 0x20;

    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;

    public const int Eintr = 4;
    public const int Enxio = 6;
    public const int Eagain = 11;
    public const int Enodev = 19;
    public const int Emsgsize = 90;
    public const int Enetdown = 100;
    public const int Enobufs = 105;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int fd, void* address, uint length);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int fd);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int fd, int level, int name, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int fd, int level, int name, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int fd, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* fds, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, void* data, nuint length);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int fd, void* data, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int fd, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int fd, MessageHeader* messages, uint count, int flags);

    /// <summary>What the C library calls the last error.</summary>
    public static string ErrorText(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary><c>struct iovec</c>.</summary>
    public struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary><c>struct mmsghdr</c>, 64 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _endOfHeader;
        public uint Length;
        private readonly int _end;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    /// <summary><c>struct sockaddr_ll</c>, 20 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct LinkLayerAddress
    {
        public ushort Family;
        public ushort ProtocolBigEndian;
        public int InterfaceIndex;
        public ushort HardwareType;
        public byte PacketType;
        public byte AddressLength;
        public ulong Address;
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    public struct FilterInstruction
    {
        public ushort Code;
        public byte JumpTrue;
        public byte JumpFalse;
        public uint K;
    }

    /// <summary><c>struct sock_fprog</c>.</summary>
    public struct FilterProgram
    {
        public ushort Length;
        public FilterInstruction* Instructions;
    }
}

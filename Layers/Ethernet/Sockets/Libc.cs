using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>The system calls of packet sockets; Linux, 64-bit. All take native memory: a call allocates nothing.</summary>
internal static unsafe partial class Libc
{
    public const int AfPacket = 17;

    public const int SolSocket = 1;
    public const int SoReceiveBuffer = 8;
    public const int SoSendBuffer = 7;
    public const int SoAttachFilter = 26;
    public const int SoReceiveBufferForce = 33;
    public const int SoSendBufferForce = 32;
    public const int SolPacket = 263;
    public const int PacketStatistics = 6;
    public const int PacketQdiscBypass = 20;

    public const int MsgTruncated = 0x20;

    public const int Enxio = 6;
    public const int Enodev = 19;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int fd, int level, int name, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int fd, int level, int name, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int fd, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int fd, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int fd, MessageHeader* messages, uint count, int flags);

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

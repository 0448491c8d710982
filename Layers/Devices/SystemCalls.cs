using System.Runtime.InteropServices;

namespace Ouroboros.Layers.Devices;

/// <summary>The system calls that devices of every kind use; Linux, 64-bit. All take native memory: a call allocates nothing.</summary>
internal static unsafe partial class SystemCalls
{
    public const int AfNetlink = 16;
    public const int SockRaw = 3;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int NetlinkRoute = 0;

    public const int MsgDontWait = 0x40;

    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;

    public const int Eintr = 4;
    public const int Eagain = 11;
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

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* fds, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, void* data, nuint length);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int fd, void* data, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "getifaddrs", SetLastError = true)]
    public static partial int GetInterfaceAddresses(InterfaceAddress** list);

    [LibraryImport(Library, EntryPoint = "freeifaddrs")]
    public static partial void FreeInterfaceAddresses(InterfaceAddress* list);

    /// <summary>What the C library calls the last error.</summary>
    public static string ErrorText(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary><c>struct pollfd</c>.</summary>
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    /// <summary><c>struct ifaddrs</c>.</summary>
    public struct InterfaceAddress
    {
        public InterfaceAddress* Next;
        public byte* Name;
        public uint Flags;
        public byte* Address;
        public void* Mask;
        public void* Destination;
        public void* Data;
    }
}

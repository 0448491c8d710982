using System.Buffers.Binary;
using System.Text;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Ethernet.Sockets;

/// <summary>What the kernel says of a network interface.</summary>
/// <param name="Index">Its number, the same as long as it lives.</param>
/// <param name="Name">What it is called now.</param>
/// <param name="Address">Its MAC address.</param>
/// <param name="Mtu">Bytes behind the Ethernet header.</param>
/// <param name="IsUp">Administratively up and with carrier.</param>
internal sealed record InterfaceInfo(int Index, string Name, LinkAddress Address, int Mtu, bool IsUp)
{
    /// <summary>The longest name that an interface can have (IFNAMSIZ - 1).</summary>
    public const int MaxNameLength = 15;

    private const int NameSize = 16;
    private const int RequestSize = 40;
    private const nuint GetName = 0x8910;
    private const nuint GetFlags = 0x8913;
    private const nuint GetMtu = 0x8921;
    private const nuint GetHardwareAddress = 0x8927;
    private const nuint GetIndex = 0x8933;
    private const int FlagUp = 1;
    private const int FlagRunning = 0x40;

    /// <summary>Asks for an interface by its name; null when there is none.</summary>
    public static InterfaceInfo? Find(int socket, string name)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        if (!TrySetName(request, name) || !Ask(socket, GetIndex, request)) return null;
        return Find(socket, BinaryPrimitives.ReadInt32LittleEndian(request[NameSize..]));
    }

    /// <summary>Asks for an interface by its number; null when it is gone.</summary>
    public static InterfaceInfo? Find(int socket, int index)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        BinaryPrimitives.WriteInt32LittleEndian(request[NameSize..], index);
        if (!Ask(socket, GetName, request)) return null;
        var end = request[..NameSize].IndexOf((byte)0);
        var name = Encoding.UTF8.GetString(request[..(end < 0 ? NameSize : end)]);

        if (!TrySetName(request, name) || !Ask(socket, GetFlags, request)) return null;
        var flags = BinaryPrimitives.ReadInt16LittleEndian(request[NameSize..]);
        if (!TrySetName(request, name) || !Ask(socket, GetMtu, request)) return null;
        var mtu = BinaryPrimitives.ReadInt32LittleEndian(request[NameSize..]);
        if (!TrySetName(request, name) || !Ask(socket, GetHardwareAddress, request)) return null;
        var address = LinkAddress.FromMac(request[(NameSize + 2)..]);
        return new InterfaceInfo(index, name, address, mtu, (flags & (FlagUp | FlagRunning)) == (FlagUp | FlagRunning));
    }

    private static bool TrySetName(Span<byte> request, string name)
    {
        request.Clear();
        return Encoding.UTF8.TryGetBytes(name, request[..MaxNameLength], out _);
    }

    private static unsafe bool Ask(int socket, nuint what, Span<byte> request)
    {
        fixed (byte* argument = request) return Libc.Control(socket, what, argument) == 0;
    }
}

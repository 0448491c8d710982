using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ouroboros.Runtime.Control;

/// <summary>Who is at the other end of a local socket, as the kernel knows it; a client cannot lie about it.</summary>
/// <param name="Pid">Process number, 0 when it is in another pid namespace.</param>
/// <param name="Uid">Effective user.</param>
/// <param name="Gid">Effective group.</param>
internal readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Asks the kernel.</summary>
    public static PeerCredentials Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("peer credentials of a socket are read with SO_PEERCRED, which is Linux");
        Span<uint> option = stackalloc uint[3];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, MemoryMarshal.AsBytes(option));
        return new PeerCredentials((int)option[0], option[1], option[2]);
    }

    /// <summary>With the program's name, which is informative only.</summary>
    public Credentials WithProgram() => new(Uid, Gid, ProgramOf(Pid));

    private static string ProgramOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"pid {pid}";
        }
    }
}

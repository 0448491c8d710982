using Ouroboros.Layers.Unicast.Connections;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// Facts of the IRM daemon's socket that both ends share (irmd.md section 1.1): AF_UNIX, SOCK_SEQPACKET, one request record, one reply,
/// close.
/// </summary>
public static class ControlProtocol
{
    /// <summary>Where the daemon listens unless told otherwise; the reference's path.</summary>
    public const string DefaultSocket = "/var/run/ouroboros/irm.sock";

    /// <summary>Environment variable with another path.</summary>
    public const string SocketVariable = "OUROBOROS_SOCKET";

    /// <summary>Largest record, bytes, in both directions (reference: SOCK_BUF_SIZE).</summary>
    public const int MaxRecord = 10240;

    /// <summary>The name of the component that sets connections up, as the reference sends it.</summary>
    public const string Management = ComponentNames.Management;

    /// <summary>The name of the component that carries packets, as the reference sends it.</summary>
    public const string DataTransfer = ComponentNames.DataTransfer;

    /// <summary>What lists show as the layer of an IPCP that is in none; the reference's text.</summary>
    internal const string NotEnrolled = "Not enrolled.";

    /// <summary>Version of the own fields and commands in irm.proto.</summary>
    internal const uint Extensions = 1;

    /// <summary>The socket to use: <paramref name="given"/>, else the environment's, else the default.</summary>
    public static string ResolveSocket(string? given)
    {
        if (!string.IsNullOrEmpty(given)) return given;
        var fromEnvironment = Environment.GetEnvironmentVariable(SocketVariable);
        return string.IsNullOrEmpty(fromEnvironment) ? DefaultSocket : fromEnvironment;
    }
}

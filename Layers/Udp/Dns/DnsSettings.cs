using System.Net;

namespace Ouroboros.Layers.Udp.Dns;

/// <summary>How a UDP layer finds names and makes its own known.</summary>
public sealed record DnsSettings
{
    /// <summary>The server that names are registered at and looked up in; null = names are not registered, and the system's settings say whom to ask.</summary>
    public IPEndPoint? Server { get; init; }

    /// <summary>The zone that names are in: <c>.</c>, the root, as with the reference, or any that the server lets us change.</summary>
    public string Zone { get; init; } = Wire.DnsName.Root;

    /// <summary>The network namespace to ask in; null = that of the process.</summary>
    public string? Namespace { get; init; }

    /// <summary>The system's table of hosts, looked into first where no <see cref="Server"/> is configured.</summary>
    public string HostsFile { get; init; } = "/etc/hosts";

    /// <summary>The settings of the system's resolver, used where no <see cref="Server"/> is configured.</summary>
    public string ResolvConf { get; init; } = "/etc/resolv.conf";
}

using Ouroboros.Crypto.Signatures;
using Ouroboros.Crypto.Oap;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Runtime.Irmd.Protocol;

/// <summary>An IPCP, as lists show it.</summary>
/// <param name="Id">Its number, shown where the reference shows a pid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its kind.</param>
/// <param name="State">Where it is in its life; <see cref="IpcpState.Null"/> when it failed too often and was left stopped.</param>
/// <param name="Layer">The layer that it is in, or null.</param>
/// <param name="Restarts">How often it has been restarted.</param>
/// <param name="LastFailure">Why, the last time.</param>
public sealed record IpcpInfo(int Id, string Name, IpcpType Type, IpcpState State, LayerInfo? Layer, int Restarts, string? LastFailure);

/// <summary>The security files of a name; null = the default under the security directory.</summary>
public sealed record SecurityPaths(
    string? ServerEncryption = null, string? ServerCertificate = null, string? ServerKey = null,
    string? ClientEncryption = null, string? ClientCertificate = null, string? ClientKey = null)
{
    /// <summary>Static KEM key that clients may encapsulate to.</summary>
    public string? ServerKemKey { get; init; }

    /// <summary>The server's static public KEM key, for a client that encapsulates.</summary>
    public string? ClientKemKey { get; init; }

    /// <summary>The paths, without the PINs of tokens.</summary>
    public override string ToString() =>
        $"server: enc.conf {ServerEncryption}, certificate {ServerCertificate}, key {SigningKey.Shown(ServerKey)}, KEM key {ServerKemKey}; "
        + $"client: enc.conf {ClientEncryption}, certificate {ClientCertificate}, key {SigningKey.Shown(ClientKey)}, KEM key {ClientKemKey}";

    /// <summary>The same without the PINs of tokens, as lists show them.</summary>
    public SecurityPaths WithoutPins() => this with { ServerKey = SigningKey.Shown(ServerKey), ClientKey = SigningKey.Shown(ClientKey) };

    /// <summary>The paths with defaults filled in: <c>[dir]/{server|client}/[name]/{enc.conf,crt.pem,key.pem}</c>.</summary>
    public SecurityPaths WithDefaults(string directory, string name) => new(
        ServerEncryption ?? Path.Combine(directory, "server", name, "enc.conf"),
        ServerCertificate ?? Path.Combine(directory, "server", name, "crt.pem"),
        ServerKey ?? Path.Combine(directory, "server", name, "key.pem"),
        ClientEncryption ?? Path.Combine(directory, "client", name, "enc.conf"),
        ClientCertificate ?? Path.Combine(directory, "client", name, "crt.pem"),
        ClientKey ?? Path.Combine(directory, "client", name, "key.pem"))
    {
        ServerKemKey = ServerKemKey,
        ClientKemKey = ClientKemKey,
    };
}

/// <summary>A name, as lists show it and as it is made.</summary>
/// <param name="Name">1 to 255 bytes.</param>
/// <param name="LoadBalancing">Which acceptor gets the next flow.</param>
/// <param name="Security">Its security files.</param>
public sealed record NameInfo(string Name, LoadBalancing LoadBalancing = LoadBalancing.Spill, SecurityPaths? Security = null)
{
    /// <summary>What accepting asks for beyond the files; null = nothing.</summary>
    public SidePolicy? Server { get; init; }

    /// <summary>What allocating asks for beyond the files; null = nothing.</summary>
    public SidePolicy? Client { get; init; }

    internal SidePolicy? PolicyOf(FlowSide side) => side == FlowSide.Server ? Server : Client;

    internal SidePaths? PathsOf(FlowSide side) => Security is not { } paths ? null
        : side == FlowSide.Server
            ? new SidePaths(paths.ServerEncryption, paths.ServerCertificate, paths.ServerKey, paths.ServerKemKey)
            : new SidePaths(paths.ClientEncryption, paths.ClientCertificate, paths.ClientKey, paths.ClientKemKey);
}

/// <summary>A flow, as lists show it.</summary>
/// <param name="Id">Number in the runtime.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="ProcessId">Who owns this end.</param>
/// <param name="Below">The IPCP below, or the other application of a direct flow; 0 = none yet.</param>
/// <param name="Direct">Whether there is no layer in between.</param>
/// <param name="Name">The name that it was allocated to or accepted for.</param>
/// <param name="Qos">What it was allocated with.</param>
/// <param name="Mpl">Maximum packet lifetime below.</param>
public sealed record FlowInfo(int Id, FlowState State, int ProcessId, int Below, bool Direct, string? Name, QosSpec Qos, TimeSpan Mpl);

/// <summary>A process, as lists show it.</summary>
/// <param name="Id">Number in the runtime.</param>
/// <param name="Program">What it was announced as.</param>
/// <param name="Uid">Its user.</param>
/// <param name="Gid">Its group.</param>
/// <param name="Privileged">Whether it belongs to the privileged trust domain.</param>
/// <param name="Names">The names that it accepts for.</param>
public sealed record ProcessInfo(int Id, string Program, uint Uid, uint Gid, bool Privileged, IReadOnlyList<string> Names)
{
    /// <summary>The names that it accepts for; a copy of its own, as everything in a message.</summary>
    public IReadOnlyList<string> Names { get; init; } = Names.ToArray();
}

/// <summary>How to start a program: an executable, or a service of this process.</summary>
/// <param name="Path">Path of the executable, or the name that the service was added under.</param>
/// <param name="Arguments">Arguments of an executable.</param>
public sealed record ProgramCommand(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>Arguments of an executable; a copy of its own, as everything in a message.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = Arguments.ToArray();

    /// <summary>A program without arguments.</summary>
    public ProgramCommand(string path)
        : this(path, [])
    {
    }

    /// <summary>What the program is bound and announced under: the last component of its path.</summary>
    public string Key => System.IO.Path.GetFileName(Path);
}

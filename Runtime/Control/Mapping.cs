using Ouroboros.Crypto.Hashing;
using Ouroboros.Crypto.Oap;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Inspection;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Control;

/// <summary>The runtime's records as messages and back.</summary>
internal static class Mapping
{
    // 255 bytes each at most.
    private const int NamesInEntry = 32;

    private const uint Authentication = 1;
    private const uint Encryption = 2;
    private const uint CounterMode = 4;

    public static QosSpecMsg ToWire(QosSpec qos) => new()
    {
        Delay = qos.Delay,
        Bandwidth = qos.Bandwidth,
        Availability = qos.Availability,
        Loss = qos.Loss,
        Ber = qos.BitErrorRate,
        InOrder = qos.InOrder ? 1u : 0u,
        MaxGap = qos.MaxGap,
        Timeout = qos.Timeout,
    };

    public static QosSpec FromWire(QosSpecMsg? qos) => qos is null
        ? QosSpec.Raw
        : new QosSpec(
            qos.Delay, qos.Bandwidth, (byte)Math.Min(qos.Availability, byte.MaxValue), qos.Loss, qos.Ber, qos.InOrder != 0, qos.MaxGap, qos.Timeout);

    /// <param name="info">The name.</param>
    /// <param name="paths">Whether its security files are told; in lists they are not, as in the reference.</param>
    public static NameInfoMsg ToWire(NameInfo info, bool paths)
    {
        var security = paths ? info.Security : null;
        var message = new NameInfoMsg
        {
            Name = info.Name,
            PolLb = (uint)info.LoadBalancing,
            Skey = security?.ServerKey ?? "",
            Scrt = security?.ServerCertificate ?? "",
            Ckey = security?.ClientKey ?? "",
            Ccrt = security?.ClientCertificate ?? "",
        };
        if (security?.ServerEncryption is { } server) message.Senc = server;
        if (security?.ClientEncryption is { } client) message.Cenc = client;
        if (security?.ServerKemKey is { } serverKem) message.Skem = serverKem;
        if (security?.ClientKemKey is { } clientKem) message.Ckem = clientKem;
        if (paths && ToWire(info.Server) is not 0 and var serverAsks) message.Sreq = serverAsks;
        if (paths && ToWire(info.Client) is not 0 and var clientAsks) message.Creq = clientAsks;
        return message;
    }

    private static uint ToWire(SidePolicy? policy) =>
        (policy?.RequireAuthentication == true ? Authentication : 0) | (policy?.RequireEncryption == true ? Encryption : 0) | (policy?.AllowCounterMode == true ? CounterMode : 0);

    private static SidePolicy? PolicyFromWire(uint bits) => bits == 0 ? null : new SidePolicy
    {
        RequireAuthentication = (bits & Authentication) != 0,
        RequireEncryption = (bits & Encryption) != 0,
        AllowCounterMode = (bits & CounterMode) != 0,
    };

    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/> for an unknown policy.</exception>
    public static NameInfo FromWire(NameInfoMsg message)
    {
        if (message.PolLb > (uint)LoadBalancing.Spill) throw new FlowException(FlowError.InvalidArgument, $"load-balance policy {message.PolLb} is unknown");
        var security = new SecurityPaths(
            OrNull(message.Senc), OrNull(message.Scrt), OrNull(message.Skey), OrNull(message.Cenc), OrNull(message.Ccrt), OrNull(message.Ckey))
        {
            ServerKemKey = OrNull(message.Skem),
            ClientKemKey = OrNull(message.Ckem),
        };
        return new NameInfo(message.Name, (LoadBalancing)message.PolLb, security == new SecurityPaths() ? null : security)
        {
            Server = PolicyFromWire(message.Sreq),
            Client = PolicyFromWire(message.Creq),
        };
    }

    public static IpcpListMsg ToWire(IpcpInfo info, bool extended)
    {
        var message = new IpcpListMsg
        {
            Pid = (uint)info.Id,
            Type = (uint)info.Type,
            Name = info.Name,
            Layer = info.Layer?.Name ?? ControlProtocol.NotEnrolled,
            HashAlgo = (uint)(info.Layer?.Hash ?? DirectoryHash.Sha3_224),
        };
        if (!extended) return message;
        message.State = (uint)info.State;
        message.Restarts = (uint)info.Restarts;
        if (info.LastFailure is not null) message.LastFailure = Shorten(info.LastFailure);
        return message;
    }

    public static IpcpInfo FromWire(IpcpListMsg message)
    {
        var layer = message.Layer == ControlProtocol.NotEnrolled ? null : new LayerInfo(message.Layer, (DirectoryHash)message.HashAlgo);
        var state = message.HasState ? (IpcpState)message.State : layer is null ? IpcpState.Boot : IpcpState.Operational;
        return new IpcpInfo(
            (int)message.Pid, message.Name, (IpcpType)message.Type, state, layer, (int)message.Restarts, message.HasLastFailure ? message.LastFailure : null);
    }

    public static FlowEntryMsg ToWire(FlowInfo info)
    {
        var message = new FlowEntryMsg
        {
            Id = (uint)info.Id,
            State = (uint)info.State,
            Process = (uint)info.ProcessId,
            Below = (uint)info.Below,
            Direct = info.Direct,
            Qos = ToWire(info.Qos),
            Mpl = (uint)info.Mpl.TotalMilliseconds,
        };
        if (info.Name is not null) message.Name = info.Name;
        return message;
    }

    public static FlowInfo FromWire(FlowEntryMsg message) => new(
        (int)message.Id, (FlowState)message.State, (int)message.Process, (int)message.Below, message.Direct,
        message.HasName ? message.Name : null, FromWire(message.Qos), TimeSpan.FromMilliseconds(message.Mpl));

    /// <summary>A process as one entry, or as several when it has so many names that one would not fit into a record.</summary>
    public static IEnumerable<ProcessEntryMsg> ToWire(ProcessInfo info)
    {
        IEnumerable<IReadOnlyList<string>> parts = info.Names.Count == 0 ? [[]] : info.Names.Chunk(NamesInEntry);
        foreach (var names in parts)
        {
            var message = new ProcessEntryMsg { Id = (uint)info.Id, Program = info.Program, Uid = info.Uid, Gid = info.Gid, Privileged = info.Privileged };
            message.Names.Add(names);
            yield return message;
        }
    }

    public static IReadOnlyList<ProcessInfo> FromWire(IEnumerable<ProcessEntryMsg> messages) =>
    [
        .. messages.GroupBy(m => m.Id).Select(parts => new ProcessInfo(
            (int)parts.Key, parts.First().Program, parts.First().Uid, parts.First().Gid, parts.First().Privileged, [.. parts.SelectMany(p => p.Names)])),
    ];

    /// <summary>The tree as a list, parents first.</summary>
    public static IEnumerable<ActorEntryMsg> ToWire(ActorNode node, uint depth = 0)
    {
        var message = new ActorEntryMsg
        {
            Depth = depth,
            Path = node.Path,
            Type = node.Type,
            State = node.State,
            MailboxDepth = (uint)node.MailboxDepth,
            Restarts = (uint)node.Restarts,
        };
        if (node.LastFailure is not null) message.LastFailure = Shorten(node.LastFailure);
        yield return message;
        foreach (var child in node.Children.SelectMany(c => ToWire(c, depth + 1))) yield return child;
    }

    /// <summary>The list as a tree; null when it is empty.</summary>
    public static ActorNode? FromWire(IReadOnlyList<ActorEntryMsg> messages)
    {
        var next = 0;
        return messages.Count == 0 ? null : Node(messages, ref next);
    }

    /// <summary>At most so much that any one entry fits into a record.</summary>
    public static string Shorten(string text, int limit = 2000) => text.Length <= limit ? text : text[..(limit - 1)] + "…";

    private static ActorNode Node(IReadOnlyList<ActorEntryMsg> messages, ref int next)
    {
        var message = messages[next++];
        var children = new List<ActorNode>();
        while (next < messages.Count && messages[next].Depth > message.Depth) children.Add(Node(messages, ref next));
        return new ActorNode(
            message.Path, message.Type, message.State, (int)message.MailboxDepth, (int)message.Restarts,
            message.HasLastFailure ? message.LastFailure : null, children);
    }

    private static string? OrNull(string path) => path.Length == 0 ? null : path;
}

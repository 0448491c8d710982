using Akka.Actor;
using Akka.Event;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Shim;
using Ouroboros.Layers.Udp.Dns;
using Ouroboros.Layers.Udp.Dns.Wire;
using Ouroboros.Layers.Udp.Sockets;
using Ouroboros.Layers.Udp.Wire;

namespace Ouroboros.Layers.Udp;

/// <summary>A layer over UDP: a shim layer whose device is a socket and whose names are in DNS.</summary>
public sealed class UdpIpcp : ShimIpcp
{
    private static readonly TimeSpan ShortestTtl = TimeSpan.FromSeconds(1);

    private readonly IpcpType _type;
    private readonly CancellationTokenSource _stopping = new();

    // Changes of DNS run one after the other, else a name that is registered, unregistered and registered again could end unregistered.
    private Task _changes = Task.CompletedTask;
    private DnsClient? _dns;
    private UdpConfig? _config;

    /// <summary>Made by <see cref="UdpKind"/>.</summary>
    internal UdpIpcp(IpcpContext context, IpcpType type)
        : base(context) => _type = type;

    /// <inheritdoc/>
    protected override ShimSetup SetUp(IpcpConfig config)
    {
        if (config is not UdpConfig udp || udp.Type != _type)
        {
            throw new FlowException(FlowError.InvalidArgument, $"IPCP {Ipcp.Name} is of type {_type} and cannot be bootstrapped as {config?.Type}");
        }
        _config = udp;
        _dns = new DnsClient(udp.Dns, udp.Address.AddressFamily, Ipcp.Time, Ipcp.Seed);
        var log = Log;
        var codec = _type == IpcpType.Udp4 ? UdpCodec.Ipv4 : UdpCodec.Ipv6;
        return new ShimSetup(udp.Layer, codec, udp.Settings, udp.MaxFlows, _ => udp.Decorators.Decorate(
            Open(udp), Ipcp.Time, frame => UdpPrinter.Describe(frame, udp.Address.AddressFamily), line => log.Info("{0}", line)))
        {
            FollowsPaths = true,
            LimitToPath = udp.LimitToPath,
        };
    }

    /// <inheritdoc/>
    protected override void OnResolveWanted(NameHash hash) =>
        _dns!.FindAsync(hash, _stopping.Token).PipeTo(Self, success: found => new Found(hash, found, null), failure: e => new Found(hash, null, e));

    /// <inheritdoc/>
    protected override void OnRegister(IpcpProtocol.Register message)
    {
        if (!_dns!.CanRegister)
        {
            base.OnRegister(message);
            return;
        }
        // At once: a peer that finds the record must not be refused.
        Core.Register(message.Hash);
        Change(message, Sender, () => _dns.RegisterAsync(message.Hash, _config!.Address, _stopping.Token));
    }

    /// <inheritdoc/>
    protected override void OnUnregister(IpcpProtocol.Unregister message)
    {
        if (!_dns!.CanRegister || !Core.IsRegistered(message.Hash))
        {
            base.OnUnregister(message);
            return;
        }
        Core.Unregister(message.Hash);
        Change(message, Sender, () => _dns.UnregisterAsync(message.Hash, _config!.Address, _stopping.Token));
    }

    /// <inheritdoc/>
    protected override void OnShimMessage(object message)
    {
        switch (message)
        {
            case Found { Address: { } found } m:
                // What DNS does not want to be remembered must last from the answer to the request.
                Core.Learn(m.Hash, LinkAddress.FromIp(found.Address, (ushort)_config!.Port), found.Ttl > ShortestTtl ? found.Ttl : ShortestTtl, Now);
                break;
            case Found m:
                // A server that somebody configured and that fails is worth a line; the system's resolver may well have none for a name of ours.
                if (m.Error is null or OperationCanceledException) Log.Debug("no address for {0}", m.Hash);
                else if (_dns!.CanRegister) Log.Warning("looking for {0}: {1}", m.Hash, m.Error.Message);
                else Log.Debug("looking for {0}: {1}", m.Hash, m.Error.Message);
                Core.NotFound(m.Hash);
                break;
            case Changed m:
                OnChanged(m);
                break;
            default:
                base.OnShimMessage(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stopping.Cancel();
        base.PostStop();
    }

    private UdpDevice Open(UdpConfig udp) =>
        NetworkNamespace.Run(udp.Namespace, () => new UdpDevice(udp.ResolveLocal(), Ipcp.Pool, Ipcp.Time, udp.Offload, udp.Mtu));

    private void Change(IpcpProtocol.Command command, IActorRef client, Func<Task> change)
    {
        _changes = After(_changes, change);
        _changes.PipeTo(Self, success: () => new Changed(command, client, null), failure: e => new Changed(command, client, e));
    }

    private static async Task After(Task before, Func<Task> change)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await change().ConfigureAwait(false);
    }

    private void OnChanged(Changed m)
    {
        var error = m.Error is null ? FlowError.None : m.Error is FlowException e ? e.Error : FlowError.IpcpFailed;
        if (error != FlowError.None && m.Command is IpcpProtocol.Register register) Core.Unregister(register.Hash);
        m.Client.Tell(new IpcpProtocol.Answer(m.Command.Id, error, m.Error?.Message, Layer), Self);
    }

    /// <summary>DNS has answered, or not.</summary>
    private sealed record Found(NameHash Hash, DnsAddress? Address, Exception? Error);

    /// <summary>A change of DNS is done, or not.</summary>
    private sealed record Changed(IpcpProtocol.Command Command, IActorRef Client, Exception? Error);
}

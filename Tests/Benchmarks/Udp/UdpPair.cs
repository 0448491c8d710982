using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Layers.Udp;
using Ouroboros.Layers.Udp.Dns;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Benchmarks.Udp;

/// <summary>Two network namespaces on a veth link, and a runtime with a udp4 layer in each; needs root and iproute2.</summary>
internal sealed class UdpPair : IAsyncDisposable
{
    public const string Name = "bench";

    private readonly string _hosts = Path.GetTempFileName();

    public string[] Spaces { get; } = [$"udpbench-{Environment.ProcessId}-a", $"udpbench-{Environment.ProcessId}-b"];

    public OuroborosRuntime Client { get; private set; } = null!;

    public OuroborosRuntime Server { get; private set; } = null!;

    public static IPAddress AddressOf(int host) => IPAddress.Parse($"10.0.0.{host + 1}");

    /// <summary>Makes the namespaces, and the runtimes unless only sockets are wanted.</summary>
    public static async Task<UdpPair> StartAsync(bool runtimes = true, bool offload = true)
    {
        var pair = new UdpPair();
        foreach (var space in pair.Spaces) Ip("netns", "add", space);
        Ip("link", "add", "eth0", "netns", pair.Spaces[0], "type", "veth", "peer", "name", "eth0", "netns", pair.Spaces[1]);
        for (var i = 0; i < 2; i++)
        {
            Ip("-n", pair.Spaces[i], "addr", "add", $"{AddressOf(i)}/24", "dev", "eth0");
            Ip("-n", pair.Spaces[i], "link", "set", "eth0", "up");
        }
        if (!runtimes) return pair;
        await File.WriteAllTextAsync(pair._hosts, $"{AddressOf(1)} {NameHash.Of(DirectoryHash.Md5, Name)}\n");
        pair.Client = await pair.RuntimeAsync(0, offload);
        pair.Server = await pair.RuntimeAsync(1, offload);
        return pair;
    }

    /// <summary>A socket in one of the namespaces.</summary>
    public Socket Open(int host, int port) => NetworkNamespace.Run(Spaces[host], () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(AddressOf(host), port));
        return socket;
    });

    /// <summary>A flow and its other end.</summary>
    public async Task<(Flow Client, Flow Server)> ConnectAsync()
    {
        var server = await Server.AttachAsync("server");
        await server.BindAsync(Name);
        var client = await Client.AttachAsync("client");
        var accept = server.AcceptAsync().AsTask();
        while (true)
        {
            try
            {
                return (await client.AllocateAsync(Name), await accept);
            }
            catch (FlowException e) when (e.Error == FlowError.IpcpFailed)
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null) await Client.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        foreach (var space in Spaces) Ip("netns", "del", space);
        File.Delete(_hosts);
    }

    private async Task<OuroborosRuntime> RuntimeAsync(int host, bool offload)
    {
        var runtime = await OuroborosRuntime.StartAsync(new RuntimeConfig
        {
            GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        });
        await runtime.Irm.CreateNameAsync(new NameInfo(Name));
        var ipcp = await runtime.Irm.CreateIpcpAsync("net", IpcpType.Udp4);
        await runtime.Irm.BootstrapIpcpAsync(ipcp.Id, new UdpConfig(new LayerInfo("L", DirectoryHash.Md5), AddressOf(host))
        {
            Namespace = Spaces[host],
            Offload = offload,
            Dns = new DnsSettings { HostsFile = _hosts, ResolvConf = _hosts, Namespace = Spaces[host] },
        });
        await runtime.Irm.RegisterNameAsync(Name, ipcp.Id);
        return runtime;
    }

    private static void Ip(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", args))!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip {string.Join(' ', args)} failed; run as root");
    }
}

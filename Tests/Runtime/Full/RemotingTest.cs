using Akka.Actor;
using Akka.Remote;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Full;

/// <summary>Runtimes that talk to each other over Akka.Remote on the loopback address.</summary>
public abstract class RemotingTest
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>For a client that will be refused: Akka.Remote notices the end of some failed handshakes by this time-out only.</summary>
    protected const string Impatient = "akka.remote { handshake-timeout = 3 s, dot-netty.tcp.connection-timeout = 3 s }";

    private readonly List<OuroborosRuntime> _nodes = [];
    private readonly List<IDisposable> _authorities = [];

    [TearDown]
    public async Task Stop()
    {
        foreach (var node in _nodes) await node.DisposeAsync().AsTask().WaitAsync(Soon);
        foreach (var authority in _authorities) authority.Dispose();
        _nodes.Clear();
        _authorities.Clear();
    }

    private protected Authority NewAuthority(string name)
    {
        var authority = new Authority(name);
        _authorities.Add(authority);
        return authority;
    }

    protected static RuntimeConfig ConfigOf(string name, string hocon) => new()
    {
        Name = name,
        GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        ActorSystemHocon = hocon,
    };

    protected static string Remote(string certificate, string authority, string more = "") =>
        $$"""
        akka {
          loglevel = WARNING
          actor.provider = remote
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, ssl { certificate.path = "{{certificate}}", authority = "{{authority}}" } }
        }
        {{more}}
        """;

    protected async Task<OuroborosRuntime> StartAsync(string name, string hocon)
    {
        var node = await OuroborosRuntime.StartAsync(ConfigOf(name, hocon));
        _nodes.Add(node);
        return node;
    }

    /// <summary>Where others reach a node.</summary>
    protected static Address AddressOf(OuroborosRuntime node) => ((ExtendedActorSystem)node.System).Provider.DefaultAddress;

    /// <summary>The IRMd of one node as another one sees it.</summary>
    protected static ActorSelection IrmdOf(OuroborosRuntime node, OuroborosRuntime from) => from.System.ActorSelection($"{AddressOf(node)}/user/irmd");

    /// <summary>What remoting of a node reports from now on.</summary>
    protected static Task<T> Reported<T>(OuroborosRuntime node, Func<T, bool> fits)
        where T : RemotingLifecycleEvent
    {
        var reported = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = node.System.ActorOf(Props.Create(() => new Listener<T>(reported, fits)));
        node.System.EventStream.Subscribe(listener, typeof(T));
        return reported.Task.WaitAsync(Soon);
    }

    private sealed class Listener<T> : UntypedActor
    {
        private readonly TaskCompletionSource<T> _reported;
        private readonly Func<T, bool> _fits;

        public Listener(TaskCompletionSource<T> reported, Func<T, bool> fits)
        {
            _reported = reported;
            _fits = fits;
        }

        protected override void OnReceive(object message)
        {
            if (message is T it && _fits(it)) _reported.TrySetResult(it);
        }
    }
}

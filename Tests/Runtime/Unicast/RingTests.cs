using System.Diagnostics;
using Akka.Actor;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Unicast;

/// <summary>
/// Five nodes in a ring: a runtime each, in a network namespace of its own, with real frames on the veth links between them. Every pair pings; any link may
/// fail, and any node may be killed and return. Needs root, iproute2, Linux. On the real clock, which runtimes and kernel share.
/// </summary>
[Category("Root")]
public sealed class RingTests
{
    private const int Count = 5;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    [Test]
    public async Task Every_pair_pings_and_any_one_link_may_fail_and_come_back()
    {
        await using var ring = await Ring.StartAsync();
        await ring.PingAll(except: -1);
        for (var link = 0; link < Count; link++)
        {
            // The one before has just come back: without it there would be no way round.
            ring.SetLink(link, up: false);
            await ring.PingAll(except: -1);
            ring.SetLink(link, up: true);
        }
    }

    [Test]
    public async Task Any_one_node_may_be_killed_and_return()
    {
        await using var ring = await Ring.StartAsync();
        await ring.PingAll(except: -1);
        for (var node = 0; node < Count; node++)
        {
            await ring.StopNode(node);
            await ring.PingAll(except: node);
            await ring.StartNode(node);
            await ring.PingAll(except: -1);
        }
    }

    [Test]
    public async Task Any_one_member_may_fail_and_is_put_back_with_its_address()
    {
        await using var ring = await Ring.StartAsync();
        await ring.PingAll(except: -1);
        for (var node = 0; node < Count; node++)
        {
            var before = (await ring.StatusAsync(node)).Address;
            ring.Node(node).System.ActorSelection($"/user/irmd/ipcps/n{node}").Tell(Kill.Instance, ActorRefs.NoSender);
            await ring.PingAll(except: -1);
            var after = 0ul;
            await Patient.Until(async () => (after = (await ring.StatusAsync(node)).Address) != 0, $"n{node} is put back");
            Assert.That(after, Is.EqualTo(before));
        }
    }

    [Test]
    public async Task A_link_that_falls_silent_with_its_carrier_up_is_noticed_by_keepalive_and_routed_around()
    {
        await using var ring = await Ring.StartAsync(memberOptions: ", peer_timeout = 1 s");
        await ring.PingAll(except: -1);
        ring.SilenceLink(0, silent: true);
        await ring.UntilConnected(0, 1, connected: false);
        await ring.PingAll(except: -1);
        ring.SilenceLink(0, silent: false);
        await ring.UntilConnected(0, 1, connected: true);
        await ring.PingAll(except: -1);
    }

    /// <summary>Node i has the link to node i + 1 on its interface "east" and that to node i - 1 on "west".</summary>
    private sealed class Ring : IAsyncDisposable
    {
        private readonly Namespaces _wires = new(Count);
        private readonly OuroborosRuntime?[] _nodes = new OuroborosRuntime?[Count];
        private readonly Application?[] _applications = new Application?[Count];
        private readonly CancellationTokenSource _stop = new();
        private string _memberOptions = "";

        public static async Task<Ring> StartAsync(string memberOptions = "")
        {
            var ring = new Ring { _memberOptions = memberOptions };
            try
            {
                for (var i = 0; i < Count; i++) ring._wires.Link(i, "east", (i + 1) % Count, "west");
                for (var i = 0; i < Count; i++) await ring.StartNode(i);
                return ring;
            }
            catch
            {
                await ring.DisposeAsync();
                throw;
            }
        }

        public OuroborosRuntime Node(int node) => _nodes[node]!;

        public void SetLink(int link, bool up) => _wires.Ip(link, "link", "set", "east", up ? "up" : "down");

        /// <summary>Nothing gets through either way; nobody is told.</summary>
        public void SilenceLink(int link, bool silent)
        {
            _wires.Silence(link, "east", silent);
            _wires.Silence((link + 1) % Count, "west", silent);
        }

        /// <summary>Waits until neither of two neighbours has a connection to the other one, or both have.</summary>
        public async Task UntilConnected(int a, int b, bool connected)
        {
            var start = Stopwatch.StartNew();
            while (await IsConnected(a, b) != connected || await IsConnected(b, a) != connected)
            {
                if (start.Elapsed > Soon) throw new AssertionException($"n{a} and n{b} are {(connected ? "not " : "")}connected after {start.Elapsed}\n{await DescribeAsync()}");
                await Task.Yield();
            }
        }

        public async Task StartNode(int node)
        {
            // Each enrols with the one before and connects to it; the last one closes the ring.
            var before = (node + Count - 1) % Count;
            var member = node == 0
                ? $"n0 {{ bootstrap = net, autobind = true, reg = [svc0]{_memberOptions} }}"
                : $"n{node} {{ enrol = n{before}, autobind = true, conn = [n{before}{(node == Count - 1 ? ", n0" : "")}], reg = [svc{node}], retry = 100{_memberOptions} }}";
            var names = string.Join(", ", Enumerable.Range(0, Count).Select(i => $"n{i} {{}}, svc{i} {{}}"));
            var config = HoconConfig.ParseString($$"""
                ouroboros {
                  name { {{names}} }
                  eth-dix {
                    left { bootstrap = left, dev = west, netns = {{_wires[node]}}, reg = [n{{node}}] }
                    right { bootstrap = right, dev = east, netns = {{_wires[node]}}, reg = [n{{node}}] }
                  }
                  unicast.{{member}}
                }
                """);
            var runtime = _nodes[node] = await OuroborosRuntime.StartAsync(config with
            {
                GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
                UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            });
            var application = _applications[node] = await runtime.AttachAsync("app");
            await runtime.Irm.BindProcessAsync(application.Id, $"svc{node}");
            _ = EchoAsync(application);
        }

        public async Task StopNode(int node)
        {
            var runtime = _nodes[node]!;
            _nodes[node] = null;
            _applications[node] = null;
            await runtime.DisposeAsync().AsTask().WaitAsync(Soon);
        }

        /// <summary>Each node gets an answer from each other one, in the end.</summary>
        public async Task PingAll(int except)
        {
            var pairs = from a in Enumerable.Range(0, Count) from b in Enumerable.Range(0, Count) where a != b && a != except && b != except select (a, b);
            await Task.WhenAll(pairs.Select(p => PingAsync(p.a, p.b)));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            foreach (var node in _nodes)
            {
                if (node is not null) await node.DisposeAsync().AsTask().WaitAsync(Soon);
            }
            _wires.Dispose();
            _stop.Dispose();
        }

        private async Task PingAsync(int from, int to)
        {
            var start = Stopwatch.StartNew();
            while (true)
            {
                try
                {
                    await using var flow = await _applications[from]!.AllocateAsync($"svc{to}", QosSpec.Raw, TimeSpan.FromSeconds(3));
                    flow.ReadTimeout = TimeSpan.FromSeconds(1);
                    await flow.WriteAsync(new[] { (byte)from, (byte)to });
                    var answer = new byte[10];
                    Assert.That(answer[..await flow.ReadAsync(answer)], Is.EqualTo(new[] { (byte)from, (byte)to }));
                    return;
                }
                catch (FlowException e) when (start.Elapsed > Soon)
                {
                    throw new AssertionException($"n{from} does not reach svc{to}: {e.Message}\n{await DescribeAsync()}", e);
                }
                catch (FlowException)
                {
                    // Whatever was lost is tried again, as any user would.
                    await Task.Yield();
                }
            }
        }

        public Task<UnicastProtocol.Status> StatusAsync(int node) =>
            Patient.AskAsync<UnicastProtocol.Status>(Node(node), $"/user/irmd/ipcps/n{node}", UnicastProtocol.GetStatus.Instance);

        private async Task<bool> IsConnected(int node, int neighbour)
        {
            var peer = (await StatusAsync(neighbour)).Address;
            return (await StatusAsync(node)).Connections.Any(c => c.Component == ComponentNames.DataTransfer && c.Peer == peer && c.IsUp);
        }

        private async Task<string> DescribeAsync()
        {
            var lines = new List<string>();
            for (var i = 0; i < Count; i++)
            {
                if (_nodes[i] is null) continue;
                var status = await StatusAsync(i);
                lines.Add($"n{i} {UnicastAddress.Format(status.Address)}, {status.Wanted} wanted: "
                    + string.Join(", ", status.Connections.Select(c => $"{c.Component} {UnicastAddress.Format(c.Peer)} {(c.IsUp ? "up" : "down")}")));
            }
            return string.Join("\n", lines);
        }

        private async Task EchoAsync(Application application)
        {
            while (_applications.Contains(application) && !_stop.IsCancellationRequested)
            {
                try
                {
                    _ = AnswerAsync(await application.AcceptAsync(cancellationToken: _stop.Token));
                }
                catch (Exception e) when (e is FlowException or OperationCanceledException)
                {
                    // The node is stopped, or the member failed between a request and its acceptance: then the next one is waited for.
                }
            }
        }

        private async Task AnswerAsync(Flow flow)
        {
            var buffer = new byte[10];
            try
            {
                await using (flow)
                {
                    while (true) await flow.WriteAsync(buffer.AsMemory(0, await flow.ReadAsync(buffer, _stop.Token)));
                }
            }
            catch (Exception e) when (e is FlowException or OperationCanceledException)
            {
                // The client has what it wanted.
            }
        }
    }
}

using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Unicast;

/// <summary>
/// Applications of two runtimes that meet in a unicast layer over UDP on loopback: the name is found through the directory, the flow goes through data
/// transfer. On the real clock: two runtimes and the kernel have none in common that a test could move.
/// </summary>
public sealed class FlowTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    // Of this process alone: another run, or a layer, may be on this machine.
    private static readonly int s_port = 20_000 + (Environment.ProcessId % 20_000);

    [Test]
    public async Task A_name_is_found_through_the_directory_and_flows_of_every_kind_carry_packets()
    {
        await using var server = await Start("127.0.0.71", "n1 { bootstrap = net, autobind = true, reg = [echo] }", "n1");
        await using var client = await Start("127.0.0.72", "n2 { enrol = n1, autobind = true, conn = [n1], retry = 100 }", "n2");
        await using var serves = await server.AttachAsync("server");
        await server.Irm.BindProcessAsync(serves.Id, "echo");
        await using var asks = await client.AttachAsync("client");
        foreach (var qos in new[] { QosSpec.Raw, QosSpec.Data })
        {
            var accept = serves.AcceptAsync().AsTask();
            var flow = await Patient.AllocateInUnicastAsync(asks, "echo", qos);
            var accepted = await accept.WaitAsync(Soon);
            await flow.WriteAsync(new byte[] { 1, 2, 3 });
            var packet = await accepted.ReadPacketAsync().AsTask().WaitAsync(Soon);
            Assert.That(packet.Span.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
            await accepted.WriteAsync(packet);
            (await flow.ReadPacketAsync().AsTask().WaitAsync(Soon)).Dispose();
            flow.Deallocate();
            accepted.Deallocate();
        }
    }

    private static async Task<OuroborosRuntime> Start(string address, string unicast, string name)
    {
        var hosts = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(hosts, [$"127.0.0.71 {NameHash.Of(DirectoryHash.Md5, "n1")}", $"127.0.0.72 {NameHash.Of(DirectoryHash.Md5, "n2")}"]);
            var config = HoconConfig.ParseString($$"""
                ouroboros {
                  log.level = error
                  name { echo {}, n1 {}, n2 {} }
                  udp4.wire { bootstrap = wire, ip = {{address}}, port = {{s_port}}, hosts = "{{hosts}}", reg = [{{name}}] }
                  unicast.{{unicast}}
                }
                """);
            return await OuroborosRuntime.StartAsync(config with
            {
                GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
                UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
            });
        }
        finally
        {
            File.Delete(hosts);
        }
    }
}

using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Unicast;

/// <summary>
/// Unicast layers over unicast layers over UDP on loopback: two runtimes, three layers deep. On the real clock: two runtimes and the kernel have none in
/// common that a test could move.
/// </summary>
public sealed class RecursionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_flow_goes_through_a_layer_over_a_layer_over_UDP()
    {
        await using var server = await Start("127.0.0.73", first: true);
        await using var client = await Start("127.0.0.74", first: false);
        await using var serves = await server.AttachAsync("server");
        await server.Irm.BindProcessAsync(serves.Id, "deep");
        await using var asks = await client.AttachAsync("client");

        var accept = serves.AcceptAsync().AsTask();
        await using var flow = await Patient.AllocateInUnicastAsync(asks, "deep", QosSpec.Raw);
        await using var accepted = await accept.WaitAsync(Soon);
        await flow.WriteAsync(new byte[] { 1, 2, 3 });
        var buffer = new byte[10];
        Assert.That(await accepted.ReadAsync(buffer).AsTask().WaitAsync(Soon), Is.EqualTo(3));
        await accepted.WriteAsync(buffer.AsMemory(0, 3));
        Assert.That(await flow.ReadAsync(buffer).AsTask().WaitAsync(Soon), Is.EqualTo(3));

        var ipcps = await client.Irm.ListIpcpsAsync();
        var flows = await client.Irm.ListFlowsAsync();
        // Those that enrolment used are released a moment later.
        await Patient.Until(
            async () =>
            {
                flows = await client.Irm.ListFlowsAsync();
                return Carriers("top").Count() <= 2 && Carriers("middle").Count() <= 2;
            },
            "flows of enrolment are released");
        Assert.That(Below(flows.Single(f => f.Id == flow.Id).Below), Is.EqualTo("top"));
        Assert.That(Carriers("top"), Is.EquivalentTo(new[] { "middle", "middle" }), "management and data transfer of the upper layer");
        Assert.That(Carriers("middle"), Is.EquivalentTo(new[] { "wire", "wire" }));
        Assert.That(flow.MaxPacketSize, Is.Positive.And.LessThan(8980));

        string Below(int id) => ipcps.Single(i => i.Id == id).Name.Split('-')[0];

        IEnumerable<string> Carriers(string layer) => flows.Where(f => f.Below != 0 && !f.Direct && ipcps.Any(i => i.Id == f.ProcessId && i.Name.StartsWith(layer, StringComparison.Ordinal))).Select(f => Below(f.Below));
    }

    private static async Task<OuroborosRuntime> Start(string address, bool first)
    {
        var hosts = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(hosts, $"127.0.0.73 {Ouroboros.Crypto.Hashing.NameHash.Of(Ouroboros.Crypto.Hashing.DirectoryHash.Md5, "middle-1")}\n");
            var unicast = first
                ? "middle-1 { bootstrap = M, autobind = true, reg = [top-1], order = 1 }, top-1 { bootstrap = T, autobind = true, reg = [deep], order = 2 }"
                : "middle-2 { enrol = middle-1, autobind = true, conn = [middle-1], retry = 100, order = 1 }, top-2 { enrol = top-1, autobind = true, conn = [top-1], retry = 100, order = 2 }";
            var config = HoconConfig.ParseString($$"""
                ouroboros {
                  name { deep {}, middle-1 {}, top-1 {} }
                  udp4.wire { bootstrap = wire, ip = {{address}}, port = 3436, hosts = "{{hosts}}", reg = [{{(first ? "middle-1" : "")}}] }
                  unicast { {{unicast}} }
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

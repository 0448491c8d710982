namespace Ouroboros.Tests.Runtime;

public sealed class DirectFlowTests : RuntimeTest
{
    [Test]
    public async Task Two_applications_of_one_domain_get_a_flow_without_a_layer_and_exchange_packets()
    {
        await using var server = await Serve("echo");
        await using var client = await Attach();
        var (a, b) = await Connect(client, server, "echo");

        await a.WriteAsync(new byte[] { 1, 2, 3 });
        var buffer = new byte[16];
        var read = await b.ReadAsync(buffer).AsTask().WaitAsync(Soon);
        await b.WriteAsync(buffer.AsMemory(0, read));
        var back = await a.ReadAsync(buffer).AsTask().WaitAsync(Soon);

        Assert.That(buffer[..back], Is.EqualTo(new byte[] { 1, 2, 3 }));
        var flows = await Node.Irm.ListFlowsAsync();
        Assert.That(flows.Single().Direct, Is.True);
        Assert.That(a.Id, Is.EqualTo(b.Id));
        Assert.That(a.Descriptor, Is.EqualTo(64));
        a.Deallocate();
        Assert.That(b.IsDown, Is.True);
        b.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "flow id free");
    }

    [Test]
    public async Task A_name_that_is_not_known_fails_at_once_with_NameUnknown()
    {
        await using var client = await Attach();
        Assert.That(ErrorOf(async () => await client.AllocateAsync("nobody")), Is.EqualTo(FlowError.NameUnknown));
    }
}

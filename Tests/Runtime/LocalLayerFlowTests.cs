namespace Ouroboros.Tests.Runtime;

public sealed class LocalLayerFlowTests : RuntimeTest
{
    [Test]
    public async Task Applications_of_different_users_get_a_flow_through_the_local_layer()
    {
        await LocalLayer("loc", "L", "echo");
        await using var server = await Serve("echo", uid: 1001);
        await using var client = await Attach(uid: 1002);
        var (a, b) = await Connect(client, server, "echo");

        await a.WriteAsync(new byte[] { 9, 8, 7 });
        var buffer = new byte[16];
        var read = await b.ReadAsync(buffer).AsTask().WaitAsync(Soon);

        Assert.That(buffer[..read], Is.EqualTo(new byte[] { 9, 8, 7 }));
        Assert.That(a.Id, Is.Not.EqualTo(b.Id));
        Assert.That((await Node.Irm.ListFlowsAsync()).All(f => !f.Direct), Is.True);
        a.Deallocate();
        b.Deallocate();
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Count == 0, "flow ids free");
    }
}

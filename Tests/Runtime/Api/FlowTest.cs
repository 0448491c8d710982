namespace Ouroboros.Tests.Runtime.Api;

/// <summary>A flow between two applications: of one trust domain, directly, or of two, through a local layer.</summary>
public abstract class FlowTest(bool layered) : RuntimeTest
{
    protected Application Client { get; private set; } = null!;

    protected Application Server { get; private set; } = null!;

    protected Flow A { get; private set; } = null!;

    protected Flow B { get; private set; } = null!;

    protected bool Layered { get; } = layered;

    [SetUp]
    public async Task MakeFlow()
    {
        if (Layered) await LocalLayer("loc", "L", "svc");
        Server = await Serve("svc", uid: Layered ? 1001u : 0);
        Client = await Attach("client", uid: Layered ? 1002u : 0);
        (A, B) = await Connect(Client, Server, "svc");
    }

    /// <summary>Whether the task still waits after everything that runs in the background had a chance.</summary>
    protected async Task StillWaits(Task task)
    {
        await IrmdIsDone();
        Assert.That(task.IsCompleted, Is.False);
    }
}

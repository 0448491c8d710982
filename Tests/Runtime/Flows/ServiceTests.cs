using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Flows;

public sealed class ServiceTests : RuntimeTest
{
    [Test]
    public async Task A_service_that_does_not_listen_is_waited_for_30_seconds_when_the_runtime_stops()
    {
        using var release = new ManualResetEventSlim();
        var running = new TaskCompletionSource();
        Node.AddService("deaf", async (_, _) =>
        {
            running.SetResult();
            await Task.Run(release.Wait);
        });
        await Node.Irm.BindProgramAsync(new ProgramCommand("deaf"), "svc", autoStart: true);
        var allocate = (await Attach()).AllocateAsync("svc").AsTask();
        await running.Task.WaitAsync(Soon);

        var stop = Stop();
        Assert.That(await ErrorOf(allocate), Is.EqualTo(FlowError.BrokenPipe)); // the clock stands still
        await Until(() => Time.IsAwaited(TimeSpan.FromSeconds(30)), "the runtime waits for the service");
        Time.Advance(TimeSpan.FromMilliseconds(29_999));
        Assert.That(stop.IsCompleted, Is.False);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await stop;
        release.Set();
    }

    [Test]
    public async Task Requests_for_a_program_are_answered_as_soon_as_the_runtime_stops_not_when_the_program_has_ended()
    {
        using var release = new ManualResetEventSlim();
        var running = new TaskCompletionSource();
        Node.AddService("slow", async (_, _) =>
        {
            running.SetResult();
            await Task.Run(release.Wait);
        });
        await Node.Irm.BindProgramAsync(new ProgramCommand("slow"), "svc", autoStart: true);
        await LocalLayer("loc", "L", "svc");
        var direct = (await Attach()).AllocateAsync("svc").AsTask();
        var client = await Attach(uid: 1002);
        var throughLayer = client.AllocateAsync("svc").AsTask();
        await running.Task.WaitAsync(Soon);
        await Until(async () => (await Node.Irm.ListFlowsAsync()).Any(f => f.State == FlowState.AllocPending), "the layer has it");

        var stop = Stop();
        Assert.That(await ErrorOf(direct), Is.EqualTo(FlowError.BrokenPipe));
        Assert.That(await ErrorOf(throughLayer), Is.EqualTo(FlowError.IpcpFailed));
        Assert.That(await ErrorOf(client.AllocateAsync("svc")), Is.EqualTo(FlowError.IpcpFailed), "a later one");
        Assert.That(stop.IsCompleted, Is.False, "the program runs");
        release.Set();
        await stop;
    }

    [Test]
    public async Task A_service_that_fails_while_the_runtime_stops_does_not_keep_it_from_stopping()
    {
        var running = new TaskCompletionSource();
        Node.AddService("clumsy", async (_, stop) =>
        {
            running.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("trips over its own feet");
        });
        await Node.Irm.BindProgramAsync(new ProgramCommand("clumsy"), "svc", autoStart: true);
        _ = (await Attach()).AllocateAsync("svc").AsTask();
        await running.Task.WaitAsync(Soon);
        await Stop();
    }

    [Test]
    public void Two_services_of_one_name_are_refused()
    {
        Node.AddService("twin", (_, _) => Task.CompletedTask);
        var e = Assert.Throws<FlowException>(() => Node.AddService("twin", (_, _) => Task.CompletedTask));
        Assert.That(e!.Error, Is.EqualTo(FlowError.AlreadyExists));
    }
}

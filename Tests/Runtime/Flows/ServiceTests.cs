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
        await Node.Irm.BindProgramAsync(new Ouroboros.Runtime.Irmd.Protocol.ProgramCommand("deaf"), "svc", autoStart: true);
        var allocate = (await Attach()).AllocateAsync("svc").AsTask();
        await running.Task.WaitAsync(Soon);

        var stop = Stop();
        Time.Advance(TimeSpan.FromMilliseconds(29_999));
        Assert.That(stop.IsCompleted, Is.False);
        await Until(
            () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(1));
                return stop.IsCompleted;
            },
            "the runtime stops without it");
        await stop;
        release.Set();
        Assert.That(await ErrorOf(allocate), Is.AnyOf(FlowError.BrokenPipe, FlowError.IpcpFailed));
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
        await Node.Irm.BindProgramAsync(new Ouroboros.Runtime.Irmd.Protocol.ProgramCommand("clumsy"), "svc", autoStart: true);
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

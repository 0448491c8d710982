using System.Diagnostics;
using Ouroboros.Layers.Flow.Timing;

namespace Ouroboros.Tests.Layers.Flow;

public sealed class ThreadTimerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void It_calls_once_and_not_before_its_time()
    {
        using var called = new SemaphoreSlim(0);
        using var timer = new ThreadTimer(() => called.Release(), "test");
        var start = Stopwatch.GetTimestamp();
        Set(timer, TimeSpan.FromMilliseconds(20));
        Assert.That(called.Wait(Patience), Is.True);
        Assert.That(Stopwatch.GetElapsedTime(start), Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(20)));
        Set(timer, TimeSpan.Zero);
        Assert.That(called.Wait(Patience), Is.True, "set again");
        Assert.That(called.CurrentCount, Is.Zero);
    }

    [Test]
    public void An_earlier_time_wakes_it()
    {
        using var called = new SemaphoreSlim(0);
        using var timer = new ThreadTimer(() => called.Release(), "test");
        Set(timer, Hour);
        Set(timer, TimeSpan.FromMilliseconds(1));
        Assert.That(called.Wait(Patience), Is.True);
    }

    [Test]
    public void What_it_calls_may_set_it()
    {
        using var called = new CountdownEvent(100);
        ThreadTimer? timer = null;
        timer = new ThreadTimer(
            () =>
            {
                if (!called.Signal()) Set(timer!, TimeSpan.Zero);
            },
            "test");
        using (timer)
        {
            Set(timer, TimeSpan.Zero);
            Assert.That(called.Wait(Patience), Is.True);
        }
    }

    [Test]
    public void Disposed_it_cannot_be_set_and_its_thread_ends()
    {
        Thread? thread = null;
        using var called = new SemaphoreSlim(0);
        var timer = new ThreadTimer(
            () =>
            {
                thread = Thread.CurrentThread;
                called.Release();
            },
            "test");
        Set(timer, TimeSpan.Zero);
        Assert.That(called.Wait(Patience), Is.True);
        Set(timer, Hour);
        timer.Dispose();
        Assert.That(thread!.Join(Patience), Is.True);
        Assert.That(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan), Is.False);
    }

    private static void Set(ThreadTimer timer, TimeSpan due) => timer.Change(due, Timeout.InfiniteTimeSpan);
}

using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

/// <summary>Base of the pool's tests: a clock that stands still, and pools that must balance when the test is over.</summary>
public abstract class PoolTest
{
    /// <summary>How long, in real time, a test waits for another thread before it gives up; only a failure takes that long.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<PacketPool> _pools = [];

    protected ManualTimeProvider Clock { get; private set; } = null!;

    [SetUp]
    public void NewClock() => Clock = new ManualTimeProvider();

    [TearDown]
    public void Pools_balance()
    {
        PacketPool[] pools = [.. _pools];
        _pools.Clear();
        try
        {
            foreach (PacketPool pool in pools) Assert.That(Leaks(pool), Is.Null);
        }
        finally
        {
            foreach (PacketPool pool in pools) pool.Retire();
        }
    }

    /// <summary>A pool whose balance is checked at the end.</summary>
    protected PacketPool Use(PacketPool pool)
    {
        _pools.Add(pool);
        return pool;
    }

    /// <summary>A pool of so many 512-byte blocks, nothing kept by threads, with the test's clock.</summary>
    protected PacketPool Blocks(int count) => Use(Pools.Small(count, Clock));

    /// <summary>Rents until there is no more.</summary>
    protected static List<Packet> Exhaust(PacketPool pool, int length)
    {
        var packets = new List<Packet>();
        while (pool.TryRent(length, out Packet p)) packets.Add(p);
        return packets;
    }

    protected static void DisposeAll(IEnumerable<Packet> packets)
    {
        foreach (Packet p in packets) p.Dispose();
    }

    private static string? Leaks(PacketPool pool)
    {
        try
        {
            pool.Dispose();
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
        return pool.Outstanding == 0 ? null : $"{pool.Outstanding} packets of {pool} are out";
    }

    /// <summary>Waits for what another thread does.</summary>
    protected static void Until(Func<bool> condition, string what)
        => Assert.That(SpinWait.SpinUntil(condition, Patience), Is.True, $"did not happen: {what}");

    /// <summary>Runs on a thread of its own, so that it has a cache and a shard of its own and may block.</summary>
    protected static Task<TResult> OnThread<TResult>(Func<TResult> work)
    {
        var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return done.Task;
    }

    /// <summary>As the other, for work without a result.</summary>
    protected static Task OnThread(Action work) => OnThread(() =>
    {
        work();
        return true;
    });

    protected static FlowError ErrorOf(Action call) => Assert.Throws<FlowException>(call)!.Error;

    protected static async Task<FlowError> ErrorOf(Task call)
    {
        try
        {
            await call.WaitAsync(Patience);
        }
        catch (FlowException e)
        {
            return e.Error;
        }
        return FlowError.None;
    }
}

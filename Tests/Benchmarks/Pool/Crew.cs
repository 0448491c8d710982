namespace Ouroboros.Tests.Benchmarks.Packets;

/// <summary>Threads that stand ready and do their part once each time they are told to; making them is no part of what is measured.</summary>
internal sealed class Crew : IDisposable
{
    private readonly Barrier _barrier;
    private readonly Thread[] _threads;
    private volatile bool _stop;

    public Crew(int threads, Action<int> work)
    {
        _barrier = new Barrier(threads + 1);
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            while (true)
            {
                _barrier.SignalAndWait();
                if (_stop) return;
                work(i);
                _barrier.SignalAndWait();
            }
        })
        { IsBackground = true })];
        foreach (Thread thread in _threads) thread.Start();
    }

    public void RunOnce()
    {
        _barrier.SignalAndWait();
        _barrier.SignalAndWait();
    }

    public void Dispose()
    {
        _stop = true;
        _barrier.SignalAndWait();
        foreach (Thread thread in _threads) thread.Join();
        _barrier.Dispose();
    }
}

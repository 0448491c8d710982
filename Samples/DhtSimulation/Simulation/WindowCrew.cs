using System.Runtime.ExceptionServices;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>
/// Runs one thing on every partition at the same time, hundreds of times a second and more: a thread for each but the first, which is the caller's. They
/// wait for the next by spinning and yielding, since what is between takes a fraction of a millisecond.
/// </summary>
internal sealed class WindowCrew : IDisposable
{
    private readonly Action<int> _work;
    private readonly Thread[] _threads;
    private volatile int _window;
    private volatile bool _stopped;
    private int _busy;
    private Exception? _failure;

    public WindowCrew(int count, Action<int> work)
    {
        _work = work;
        _threads = [.. Enumerable.Range(1, count - 1).Select(i => new Thread(() => Serve(i)) { IsBackground = true, Name = $"partition {i}" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Runs it, and returns when all are done. What one of them throws is thrown here.</summary>
    public void Run()
    {
        Volatile.Write(ref _busy, _threads.Length);
        _window++;
        Guard(0);
        var wait = default(SpinWait);
        while (Volatile.Read(ref _busy) > 0) wait.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        foreach (var thread in _threads) thread.Join();
    }

    private void Serve(int index)
    {
        var seen = 0;
        var wait = default(SpinWait);
        while (!_stopped)
        {
            if (_window == seen)
            {
                wait.SpinOnce(sleep1Threshold: -1);
                continue;
            }
            seen = _window;
            wait.Reset();
            Guard(index);
            Interlocked.Decrement(ref _busy);
        }
    }

    private void Guard(int index)
    {
        try
        {
            _work(index);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }
}

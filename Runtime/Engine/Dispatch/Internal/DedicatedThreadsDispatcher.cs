using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Runs actors on threads of its own, which start with the first of them: for actors that block.</summary>
internal sealed class DedicatedThreadsDispatcher(ActorSystemImpl system, string id, int throughput, int threads)
    : MessageDispatcher(system, id, throughput)
{
    private readonly BlockingCollection<IThreadPoolWorkItem> _work = [];
    private int _started;

    internal override void Execute(IThreadPoolWorkItem work)
    {
        if (Volatile.Read(ref _started) == 0 && Interlocked.Exchange(ref _started, 1) == 0)
        {
            for (var i = 0; i < threads; i++) new Thread(Run) { IsBackground = true, Name = $"{Id}-{i + 1}" }.Start();
        }
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            // The system has terminated; nobody waits for this.
        }
    }

    internal override void Shutdown() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable()) work.Execute();
    }
}

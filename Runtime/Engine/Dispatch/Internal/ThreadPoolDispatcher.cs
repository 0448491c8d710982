using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Runs actors on the .NET thread pool; the cell itself is the work item.</summary>
internal sealed class ThreadPoolDispatcher(ActorSystemImpl system, string id, int throughput) : MessageDispatcher(system, id, throughput)
{
    // The local queue of a pool thread is last in, first out, and goes before the global one: actors that wake each other on one thread
    // could keep it for ever. So every so often one goes the fair way.
    private const int LocalInARow = 32;

    [ThreadStatic]
    private static int _local;

    internal override void Execute(IThreadPoolWorkItem work)
    {
        var local = ++_local % LocalInARow != 0;
        ThreadPool.UnsafeQueueUserWorkItem(work, local);
    }

    internal override void Reschedule(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, false);
}

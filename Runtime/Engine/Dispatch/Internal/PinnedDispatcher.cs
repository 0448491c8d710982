using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Runs every actor on a thread of its own: for I/O actors that block all the time.</summary>
internal sealed class PinnedDispatcher(ActorSystemImpl system, string id, int throughput) : MessageDispatcher(system, id, throughput)
{
    internal override void Execute(IThreadPoolWorkItem work)
    {
        if (work is ActorCell cell) (cell.Extras.PinnedThread ??= new PinnedThread(cell)).Wake();
        else new Thread(work.Execute) { IsBackground = true, Name = Id }.Start();
    }

    internal override void Detach(ActorCell cell) => cell.ExistingExtras?.PinnedThread?.End();
}

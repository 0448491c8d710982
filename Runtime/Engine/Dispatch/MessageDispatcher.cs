using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Gives actors threads to run on.</summary>
public abstract class MessageDispatcher
{
    private protected MessageDispatcher(ActorSystemImpl system, string id, int throughput)
    {
        System = system;
        Id = id;
        Throughput = Math.Max(1, throughput);
    }

    /// <summary>Path of its section in the configuration.</summary>
    public string Id { get; }

    /// <summary>Messages that an actor handles before the thread turns to the next actor.</summary>
    public int Throughput { get; set; }

    internal ActorSystemImpl System { get; }

    /// <summary>Runs an action on one of the threads.</summary>
    /// <param name="run">The action.</param>
    public void Schedule(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Execute(new ActionWork(run));
    }

    /// <summary>Runs a cell that has something to do.</summary>
    internal abstract void Execute(IThreadPoolWorkItem work);

    /// <summary>Runs a cell again that has used up its throughput, after the others.</summary>
    internal virtual void Reschedule(IThreadPoolWorkItem work) => Execute(work);

    /// <summary>The cell has stopped.</summary>
    internal virtual void Detach(ActorCell cell)
    {
    }

    /// <summary>The system has terminated.</summary>
    internal virtual void Shutdown()
    {
    }

    private sealed class ActionWork(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();
    }
}

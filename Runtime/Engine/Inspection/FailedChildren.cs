using Akka.Actor;

namespace Ouroboros.Engine.Inspection;

/// <summary>
/// The last children of an actor that failed and were stopped for it, so that inspection can show them when they are gone.
/// </summary>
internal sealed class FailedChildren
{
    private const int Limit = 32;

    private readonly Queue<ActorInfo> _infos = new();

    public void Add(ActorCell child)
    {
        var info = ActorInspector.Describe(child, ActorState.Failed, child.ExistingExtras!.StoppedByFailure!.FullName!, []);
        lock (_infos)
        {
            if (_infos.Count == Limit) _infos.Dequeue();
            _infos.Enqueue(info);
        }
    }

    public void AddTo(List<ActorInfo> children, ActorCell parent)
    {
        lock (_infos)
        {
            foreach (var info in _infos)
                if (parent.GetSingleChild(info.Path[(info.Path.LastIndexOf('/') + 1)..]) is null) children.Add(info);
        }
    }
}

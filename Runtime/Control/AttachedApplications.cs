using System.Collections.Concurrent;

namespace Ouroboros.Runtime.Control;

/// <summary>The applications of other processes: by number, each with the user who may act for it.</summary>
internal sealed class AttachedApplications(TimeProvider time)
{
    private readonly ConcurrentDictionary<int, AttachedApplication> _applications = [];

    /// <summary>Adds one that this user has announced.</summary>
    public AttachedApplication Add(Application application, Credentials owner)
    {
        var attached = new AttachedApplication(application, owner, this, time);
        _applications[application.Id] = attached;
        return attached;
    }

    /// <summary>One of them, for a user who may act for it.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.InvalidArgument"/>: there is none; <see cref="FlowError.NotPermitted"/>: it is another user's.</exception>
    public AttachedApplication Find(int id, Credentials caller)
    {
        if (!_applications.TryGetValue(id, out var attached)) throw new FlowException(FlowError.InvalidArgument, $"process {id} is not attached");
        return attached.Owner.Uid == caller.Uid
            ? attached
            : throw new FlowException(FlowError.NotPermitted, $"process {id} belongs to uid {attached.Owner.Uid}, not to uid {caller.Uid}");
    }

    /// <summary>No more flows for it.</summary>
    public void Remove(Application application) => _applications.TryRemove(application.Id, out _);
}

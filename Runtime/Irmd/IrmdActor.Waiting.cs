using Akka.Event;
using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Irmd.Registry;

namespace Ouroboros.Runtime.Irmd;

/// <content>Requests that wait for an acceptor, and the programs that are started for them.</content>
internal sealed partial class IrmdActor
{
    private bool CanTurnUp(NameEntry name, AllocateRequest request) =>
        (name.AutoStart.Count != 0 && DomainOf(name.AutoStart[0]) == request.Uid) || HasServer(name, request);

    private bool HasServer(NameEntry name, AllocateRequest request) =>
        name.Processes.Any(p => p != ExceptFor(request) && _registry.Processes.TryGetValue(p, out var process) && process.Domain == request.Uid);

    private uint DomainOf(ProgramCommand program)
    {
        var credentials = _services.Programs.CredentialsOf(program);
        return _services.Privileges.DomainOf(credentials.Uid, credentials.Gid);
    }

    private void Wait(WaitingRequest waiting)
    {
        var name = waiting.Name;
        if (_services.Stopping)
        {
            TurnAway(waiting);
            return;
        }
        name.Waiting.AddLast(waiting);
        var patience = _settings.RequestArrivalTimeout;
        if (MayStart(waiting) && !HasServer(waiting))
        {
            // Nothing bound can answer: start the program at once instead of after the wait, and give it the reference's two periods.
            waiting.Started = true;
            if (!StartProgram(name))
            {
                OnWaitExpired(waiting);
                return;
            }
            patience *= 2;
        }
        WaitFor(waiting, patience);
    }

    private void WaitFor(WaitingRequest waiting, TimeSpan patience)
    {
        waiting.Deadline = waiting.Local is { } local ? Sooner(local.Deadline, patience) : Deadline.After(_services.Time, patience);
        Timers.StartSingleTimer(waiting, new WaitExpired(waiting), waiting.Deadline.Remaining);
    }

    /// <summary>
    /// No program is started for them any more, and those that run are ending: told now, they do not sit out what a program takes to end.
    /// </summary>
    private void StopWaiting()
    {
        foreach (var name in _registry.Names.Values)
        {
            while (name.Waiting.First is { } first)
            {
                name.Waiting.RemoveFirst();
                Timers.Cancel(first.Value);
                TurnAway(first.Value);
            }
        }
    }

    private void TurnAway(WaitingRequest waiting)
    {
        if (waiting.Local is { } local) local.Fail(FlowError.BrokenPipe, "the runtime was stopped");
        else Refuse(waiting.Remote!, waiting.Ipcp, FlowError.IpcpFailed);
    }

    private bool MayStart(WaitingRequest waiting) =>
        waiting.Name.AutoStart.Count != 0 && (waiting.Local is not { } local || DomainOf(waiting.Name.AutoStart[0]) == local.Uid);

    private bool HasServer(WaitingRequest waiting) => waiting.Local is { } local
        ? HasServer(waiting.Name, local)
        : waiting.Name.Processes.Count != 0;

    /// <summary>Starts the program bound to a name, unless that was done a moment ago and it has not turned up yet.</summary>
    /// <returns>false when it cannot be started.</returns>
    private bool StartProgram(NameEntry name)
    {
        var now = _services.Time.GetTimestamp();
        if (name.StartingUntil > now) return true;
        var program = name.AutoStart[0];
        try
        {
            _services.Programs.Start(program);
        }
        catch (FlowException e)
        {
            _log.Warning("cannot start {0} for name {1}: {2}", program.Path, name.Name, e.Message);
            return false;
        }
        name.StartingUntil = now + (long)(2 * _settings.RequestArrivalTimeout.TotalSeconds * _services.Time.TimestampFrequency);
        return true;
    }

    private void OnWaitExpired(WaitingRequest waiting)
    {
        var name = waiting.Name;
        if (!name.Waiting.Contains(waiting)) return;
        var late = waiting.Local is { } local && (local.Task.IsCompleted || local.Deadline.HasPassed);
        if (!late && !waiting.Started && MayStart(waiting))
        {
            // Those who are bound have been busy all the time: another one may help.
            waiting.Started = true;
            if (StartProgram(name))
            {
                WaitFor(waiting, _settings.RequestArrivalTimeout);
                return;
            }
        }
        name.Waiting.Remove(waiting);
        if (waiting.Local is { } request)
        {
            if (request.Deadline.HasPassed) request.Fail(FlowError.TimedOut, $"nobody accepted '{request.Destination}' in time; is its server in accept?");
            else AskLayers(request, name);
        }
        else
        {
            Refuse(waiting.Remote!, waiting.Ipcp, FlowError.IpcpFailed);
        }
    }
}

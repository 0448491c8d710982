namespace Akka.Actor;

/// <summary>Stopping an actor and awaiting its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/> and awaits the end of the actor; false when it has not come in time.</summary>
    /// <param name="target">Whom to stop.</param>
    /// <param name="timeout">How long to wait.</param>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => GracefulStop(target, timeout, PoisonPill.Instance);

    /// <summary>Sends a message that makes the actor stop, and awaits its end; false when it has not come in time.</summary>
    /// <param name="target">Whom to stop.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="stopMessage">The message.</param>
    /// <exception cref="InvalidOperationException">The reference cannot be watched.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        if (target is not ActorRefBase reference) throw new InvalidOperationException($"{target} cannot be death-watched");
        var promise = new PromiseRef<object>(reference.SystemImpl);
        if (timeout > TimeSpan.Zero) promise.StartTimeout(timeout);
        reference.SendSystem(new WatchMessage(reference, promise));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            return await promise.Task.ConfigureAwait(false) is Terminated terminated && terminated.ActorRef.Path.Equals(target.Path);
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            reference.SendSystem(new UnwatchMessage(promise));
        }
    }
}

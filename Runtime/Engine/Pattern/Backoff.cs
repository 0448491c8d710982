using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Restarting a child with growing delays.</summary>
public static class Backoff
{
    /// <summary>Restarts the child when it fails; when it stops by itself, the supervisor stops too.</summary>
    /// <param name="childProps">How the child is made.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay.</param>
    /// <param name="maxBackoff">No delay is longer, but for the random part.</param>
    /// <param name="randomFactor">0 to 1: how much longer, at random.</param>
    /// <param name="maxNrOfRetries">Restarts allowed; -1: any number.</param>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor,
        int maxNrOfRetries) => BackoffOptions.Create(false, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);

    /// <summary>Starts the child again whenever it has stopped, for whatever reason.</summary>
    /// <param name="childProps">How the child is made.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay.</param>
    /// <param name="maxBackoff">No delay is longer, but for the random part.</param>
    /// <param name="randomFactor">0 to 1: how much longer, at random.</param>
    /// <param name="maxNrOfRetries">Starts allowed; -1: any number.</param>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor,
        int maxNrOfRetries) => BackoffOptions.Create(true, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);
}

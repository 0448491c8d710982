namespace Akka.Actor;

/// <summary>Calling off what may not be there.</summary>
public static class CancelableExtensions
{
    /// <summary>Calls it off unless it is null.</summary>
    /// <param name="cancelable">What to call off, or null.</param>
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}

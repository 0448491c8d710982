namespace Akka.Actor;

/// <summary>Something that can be called off.</summary>
public interface ICancelable
{
    /// <summary>Whether it has been called off.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>Cancelled when it is called off.</summary>
    CancellationToken Token { get; }

    /// <summary>Calls it off.</summary>
    void Cancel();

    /// <summary>Calls it off later.</summary>
    /// <param name="delay">When.</param>
    void CancelAfter(TimeSpan delay);

    /// <summary>Calls it off later.</summary>
    /// <param name="millisecondsDelay">When, in milliseconds.</param>
    void CancelAfter(int millisecondsDelay);

    /// <summary>Calls it off.</summary>
    /// <param name="throwOnFirstException">Whether an exception of a callback ends the callbacks.</param>
    void Cancel(bool throwOnFirstException);
}

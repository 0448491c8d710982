namespace Ouroboros.Runtime.Hosting;

/// <summary>
/// A service of a host that uses flows. Each run has an instance, a DI scope and an attached application of its own; all three are disposed
/// when it ends.
/// </summary>
public interface IOuroborosService
{
    /// <summary>Runs until it is done or cancelled.</summary>
    /// <param name="application">Attached under the program name that the service was added with, and bound to its names.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    Task RunAsync(Application application, CancellationToken cancellationToken);
}

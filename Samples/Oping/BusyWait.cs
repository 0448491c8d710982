namespace Ouroboros.Samples.Oping;

/// <summary>
/// One busy wait: it looks again and again without sleeping, and now and then offers its processor to others. With a processor to spare that
/// costs next to nothing; without one, whoever is waited for gets it, instead of being kept from answering for a time slice.
/// </summary>
internal struct BusyWait
{
    private const int LooksPerOffer = 32;

    private int _looks;

    /// <summary>One turn.</summary>
    public void Once()
    {
        if (++_looks % LooksPerOffer == 0) Thread.Yield();
    }

    /// <summary>Runs a loop of busy waits on a thread of its own: one of the thread pool's would be missed there.</summary>
    public static Task RunAsync(Func<Task> loop) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
}

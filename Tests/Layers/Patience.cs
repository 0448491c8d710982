namespace Ouroboros.Tests.Layers;

/// <summary>Waits for actors by asking them.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Asking is the wait: each round is one message to an actor and back, and the limit is only for a run that will never get there.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(start), Is.LessThan(Limit), "never came about");
            await Task.Yield();
        }
    }
}

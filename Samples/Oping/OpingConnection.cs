namespace Ouroboros.Samples.Oping;

/// <summary>What the server keeps of a flow.</summary>
internal sealed class OpingConnection(Flow flow, long now)
{
    private long _lastRequest = now;

    public Flow Flow => flow;

    /// <summary>When the last request came, clock ticks.</summary>
    public long LastRequest
    {
        get => Volatile.Read(ref _lastRequest);
        set => Volatile.Write(ref _lastRequest, value);
    }

    /// <summary>A reply that waits for room at the client; nothing is read meanwhile.</summary>
    public Task Pending { get; set; } = Task.CompletedTask;
}

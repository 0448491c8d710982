using System.Collections.Concurrent;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// An application of another process. It lives as long as the connection that announced it, and as its flows then need to write what they
/// have received from it, within a limit.
/// </summary>
internal sealed class AttachedApplication(Application application, Credentials owner, AttachedApplications all, TimeProvider time) : IConversation
{
    // The connections of a process that has ended end with it; what is left after this is held open by somebody else, or by a peer that does not read.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<FlowConversation, Task> _flows = [];
    private readonly CancellationTokenSource _gone = new();

    public Application Application { get; } = application;

    /// <summary>Whose it is.</summary>
    public Credentials Owner { get; } = owner;

    /// <summary>Cancelled when it is gone.</summary>
    public CancellationToken Gone => _gone.Token;

    public Task RunAsync(ControlSession session, CancellationToken stopping) => session.WaitUntilGoneAsync(stopping);

    /// <summary>Carries a flow's packets as long as there are any to carry.</summary>
    public async Task CarryAsync(FlowConversation flow, Func<CancellationToken, Task> carry, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, _gone.Token);
        var carrying = carry(end.Token);
        _flows[flow] = carrying;
        try
        {
            await carrying.ConfigureAwait(false);
        }
        finally
        {
            _flows.TryRemove(flow, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        all.Remove(Application);
        using (var late = new CancellationTokenSource(Linger, time))
        {
            await Task.WhenAll(_flows.Values).WaitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await _gone.CancelAsync().ConfigureAwait(false);
        await Application.DisposeAsync().ConfigureAwait(false);
    }
}

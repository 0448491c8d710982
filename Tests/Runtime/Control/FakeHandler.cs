using System.Collections.Concurrent;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>Says yes to everything and remembers what it was asked; can be made to wait or to fail.</summary>
internal sealed class FakeHandler : IControlHandler
{
    private int _cancelled;

    public ConcurrentQueue<IrmMsg> Requests { get; } = [];

    public ConcurrentQueue<Credentials> Callers { get; } = [];

    public TaskCompletionSource? Hold { get; set; }

    public Exception? Failure { get; set; }

    public IReadOnlyList<IrmMsg>? Reply { get; set; }

    public int Cancelled => Volatile.Read(ref _cancelled);

    public async Task<ControlAnswer> ExecuteAsync(IrmMsg request, Credentials caller, CancellationToken cancellationToken)
    {
        Callers.Enqueue(caller);
        Requests.Enqueue(request);
        if (Failure is { } failure) throw failure;
        try
        {
            if (Hold is { } hold) await hold.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }
        return new ControlAnswer(Reply ?? Replies.To(request).Done());
    }
}

using Akka.Actor;

namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>
/// One piece of work for the threads of handshakes. Its result belongs to the saga that asked, if that still wants it; else the thread that
/// made it disposes it, and what it was lent, so that nothing is left of a handshake that was given up.
/// </summary>
internal sealed class HandshakeJob(IActorRef saga, Func<IDisposable> work)
{
    private const int Open = 0;
    private const int Finished = 1;
    private const int Abandoned = 2;

    private int _state;
    private IDisposable? _result;
    private IDisposable? _lent;

    /// <summary>When it began (clock timestamp).</summary>
    public long Began { get; set; }

    /// <summary>What it failed with.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes the result; the caller owns it.</summary>
    public IDisposable? Take() => Interlocked.Exchange(ref _result, null);

    /// <summary>Does it, and tells the saga; unless it has been abandoned.</summary>
    public void Run()
    {
        try
        {
            _result = work();
        }
        catch (Exception e)
        {
            Failure = e;
        }
        if (Interlocked.CompareExchange(ref _state, Finished, Open) == Open) saga.Tell(this, ActorRefs.NoSender);
        else Clear();
    }

    /// <summary>Nobody wants it any more. What it works with is disposed when it is done with it: now, if it has finished.</summary>
    public void Abandon(IDisposable? lent)
    {
        _lent = lent;
        if (Interlocked.CompareExchange(ref _state, Abandoned, Open) != Open) Clear();
    }

    private void Clear()
    {
        Take()?.Dispose();
        _lent?.Dispose();
    }
}

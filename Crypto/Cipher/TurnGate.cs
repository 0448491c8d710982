namespace Ouroboros.Crypto.Cipher;

/// <summary>Lets one thread at a time use a cipher context, for well under a microsecond as a rule; closed for good when the cipher is disposed.</summary>
internal struct TurnGate
{
    private const int Taken = 1;
    private const int Closed = 2;

    private int _state;

    /// <summary>Waits for the turn.</summary>
    /// <returns>False: closed.</returns>
    public bool TryEnter()
    {
        if (Interlocked.CompareExchange(ref _state, Taken, 0) == 0) return true;
        var wait = default(SpinWait);
        while (true)
        {
            var state = Interlocked.CompareExchange(ref _state, Taken, 0);
            if (state == 0) return true;
            if (state == Closed) return false;
            wait.SpinOnce();
        }
    }

    /// <summary>Ends the turn.</summary>
    public void Leave() => Volatile.Write(ref _state, 0);

    /// <summary>Waits for the turn and never gives it back.</summary>
    /// <returns>False: closed before.</returns>
    public bool Close()
    {
        if (!TryEnter()) return false;
        Volatile.Write(ref _state, Closed);
        return true;
    }
}

namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>How many handshakes may be under way, and how many layers may bring in a second. One thread at a time.</summary>
internal sealed class HandshakeGate(SecuritySettings settings, TimeProvider time)
{
    private readonly int[] _open = new int[Enum.GetValues<HandshakeKind>().Length];
    private double _tokens = settings.HandshakeBurst;
    private long _filled = time.GetTimestamp();

    /// <summary>Lets one in; null, or why not.</summary>
    public string? Enter(HandshakeKind kind)
    {
        if (_open[(int)kind] >= settings.MaxHandshakes)
        {
            return $"{settings.MaxHandshakes} handshakes are under way, as many as there may be; try again, or raise ouroboros.security.max-handshakes";
        }
        // Those of own applications are bounded by their flows.
        if (kind == HandshakeKind.Server && !TakeToken())
        {
            return $"layers bring more than {settings.HandshakeRate} handshakes a second; try again, or raise ouroboros.security.handshake-rate";
        }
        _open[(int)kind]++;
        return null;
    }

    /// <summary>One has ended.</summary>
    public void Leave(HandshakeKind kind) => _open[(int)kind]--;

    private bool TakeToken()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(settings.HandshakeBurst, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * settings.HandshakeRate));
        _filled = now;
        if (_tokens < 1) return false;
        _tokens--;
        return true;
    }
}

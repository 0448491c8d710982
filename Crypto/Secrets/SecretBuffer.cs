namespace Ouroboros.Crypto.Secrets;

/// <summary>
/// A secret in native memory that is locked where the system allows it, and wiped when it is disposed. It never says what it holds. Whoever
/// holds it owns it; to pass it on is to pass on the duty to dispose it.
/// </summary>
public sealed unsafe class SecretBuffer : IDisposable
{
    private readonly int _capacity;
    private byte* _data;

    /// <summary>Makes a secret of zeros.</summary>
    /// <param name="length">Bytes, up to 64 KiB.</param>
    public SecretBuffer(int length)
    {
        _data = SecretMemory.Rent(length);
        _capacity = length;
        Length = length;
    }

    /// <summary>Makes a secret with the bytes given; the caller wipes his own copy.</summary>
    public SecretBuffer(ReadOnlySpan<byte> secret)
        : this(secret.Length) => secret.CopyTo(Span);

    /// <summary>Wipes what nobody disposed.</summary>
    ~SecretBuffer() => Release();

    /// <summary>Bytes of slabs that are locked into memory, in this process.</summary>
    public static long LockedBytes => SecretMemory.LockedBytes;

    /// <summary>Bytes of slabs that the system did not lock; raise RLIMIT_MEMLOCK if this is not 0.</summary>
    public static long UnlockedBytes => SecretMemory.UnlockedBytes;

    /// <summary>Bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The secret. Not to be kept: it is gone when the buffer is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            return new Span<byte>(_data, Length);
        }
    }

    /// <summary>Shortens it; what is cut off is wiped.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Span[length..].Clear();
        Length = length;
    }

    /// <summary>A copy with an owner of its own.</summary>
    public SecretBuffer Copy() => new(Span);

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Its length, nothing else.</summary>
    public override string ToString() => $"secret of {Length} bytes";

    private void Release()
    {
        if (_data is null) return;
        SecretMemory.Return(_data, _capacity);
        _data = null;
    }
}

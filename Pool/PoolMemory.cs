using System.Runtime.InteropServices;

namespace Ouroboros.Pool;

/// <summary>The bytes of a pool: zero at first, committed when they are first touched.</summary>
internal sealed unsafe class PoolMemory : IDisposable
{
    private bool _disposed;

    private PoolMemory(byte* address, long size)
    {
        Address = address;
        Size = size;
    }

    ~PoolMemory() => Free();

    public byte* Address { get; }

    public long Size { get; }

    public static PoolMemory Anonymous(long size) => new((byte*)NativeMemory.AllocZeroed((nuint)size), size);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_disposed) return;
        _disposed = true;
        NativeMemory.Free(Address);
    }
}

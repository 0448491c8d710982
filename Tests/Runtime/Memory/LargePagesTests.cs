using System.Runtime.InteropServices;
using Ouroboros.Runtime.Memory;

namespace Ouroboros.Tests.Runtime.Memory;

/// <summary>Memory is moved where the system has large pages; where it has none the option is refused with its path, which <c>IrmdTests</c> sees as well.</summary>
public sealed partial class LargePagesTests
{
    private const int Length = 64 << 20;

    [Test]
    public void What_is_used_is_moved_to_large_pages()
    {
        using var pages = Open();
        if (pages is null) return;
        var memory = new byte[Length];
        for (var i = 0; i < memory.Length; i += 4096) memory[i] = (byte)(i >> 12);

        pages.Move(Timeout.InfiniteTimeSpan);

        // Some of it may be split again meanwhile, and the ends lie in pages of others.
        Assert.That(LargePages.InUse, Is.GreaterThanOrEqualTo(Length / 2));
        for (var i = 0; i < memory.Length; i += 4096) Assert.That(memory[i] == (byte)(i >> 12), Is.True, "nothing is changed by it");
    }

    [Test]
    public unsafe void What_is_hardly_used_takes_no_more_memory_than_it_did()
    {
        using var pages = Open();
        if (pages is null) return;
        var memory = (byte*)NativeMemory.AlignedAlloc(Length, 4096);
        try
        {
            for (var i = 0; i < Length; i += 1 << 20) memory[i] = 1;
            var before = Resident(memory);
            pages.Move(Timeout.InfiniteTimeSpan);
            Assert.That(Resident(memory), Is.EqualTo(before));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static LargePages? Open()
    {
        try
        {
            return LargePages.Open();
        }
        catch (FlowException e)
        {
            Assert.That(e.Error, Is.EqualTo(FlowError.NotSupported));
            Assert.That(e.Message, Does.StartWith("ouroboros.large-pages: ").And.EndsWith("set it to false"));
            return null;
        }
    }

    private static unsafe int Resident(byte* memory)
    {
        var pages = new byte[Length / Environment.SystemPageSize];
        Assert.That(mincore((nint)memory, Length, pages), Is.Zero);
        return pages.Count(page => (page & 1) != 0);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mincore(nint address, nuint length, [Out] byte[] resident);
}

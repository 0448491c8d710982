using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Crypto.Secrets;

public class SecretBufferTests
{
    [Test]
    public unsafe void A_secret_is_wiped_when_it_is_disposed()
    {
        // The largest size has a slab to itself, so that nobody else gets the block in between.
        var secret = new SecretBuffer(40_000);
        secret.Span.Fill(0x5a);
        fixed (byte* p = secret.Span)
        {
            secret.Dispose();
            Assert.That(new ReadOnlySpan<byte>(p, 40_000).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        }
        Assert.Throws<ObjectDisposedException>(() => _ = secret.Span[0]);
        Assert.DoesNotThrow(secret.Dispose);
    }

    [Test]
    public void It_does_not_say_what_it_holds()
    {
        using var secret = new SecretBuffer("abcdefgh"u8);
        Assert.That($"{secret}", Is.EqualTo("secret of 8 bytes"));
        Assert.That(typeof(SecretBuffer).GetProperties().Where(p => p.PropertyType == typeof(byte[])), Is.Empty);
    }

    [Test]
    public void Slabs_are_locked_into_memory()
    {
        using var secret = new SecretBuffer(32);
        Assert.That(SecretBuffer.LockedBytes + SecretBuffer.UnlockedBytes, Is.Positive);
        var limit = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max locked memory", StringComparison.Ordinal));
        if (!limit.Contains("unlimited") && long.Parse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]) < 4 << 20) Assert.Ignore(limit);
        Assert.That(SecretBuffer.UnlockedBytes, Is.Zero);
    }

    [Test]
    public void Truncation_wipes_what_is_cut_off()
    {
        using var secret = new SecretBuffer("abcdefgh"u8);
        secret.Truncate(3);
        Assert.That(secret.Span.ToArray(), Is.EqualTo("abc"u8.ToArray()));
        Assert.Throws<ArgumentOutOfRangeException>(() => secret.Truncate(4));
    }

    [Test]
    public void Blocks_of_all_sizes_are_apart()
    {
        var random = new Random(7);
        var secrets = Enumerable.Range(0, 500).Select(i => (Value: (byte)i, Buffer: new SecretBuffer(random.Next(0, 5000)))).ToList();
        foreach (var (value, buffer) in secrets) buffer.Span.Fill(value);
        foreach (var (value, buffer) in secrets) Assert.That(buffer.Span.IndexOfAnyExcept(value), Is.EqualTo(-1));
        foreach (var (_, buffer) in secrets) buffer.Dispose();
        using var fresh = new SecretBuffer(4000);
        Assert.That(fresh.Span.IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "a reused block is zeros");
    }
}

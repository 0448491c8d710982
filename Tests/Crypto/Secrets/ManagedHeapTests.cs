using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Secrets;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Tests.Crypto.Secrets;

/// <summary>Looks for keys in the memory of the garbage collector: there must be none, for nobody could wipe them.</summary>
[NonParallelizable]
public class ManagedHeapTests
{
    [Test]
    public void Session_keys_and_private_keys_from_files_are_never_in_managed_memory()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("reads /proc/self/maps");
        var side = new OapSide { Encryption = new EncryptionOptions { KeyExchange = KeyExchangeAlgorithm.X25519 } };
        var now = OapClock.Now(TimeProvider.System);
        using var client = OapClient.Begin(side, "oping", now);
        using var served = new OapServer().Serve(side, "oping", client.Request.Span, now);
        using var completed = client.Complete(served.Response.Span, now);
        using var key = completed.TakeKey()!;
        using var serverKey = served.TakeKey()!;
        Assert.That(key.Span.SequenceEqual(serverKey.Span), Is.True);
        using var sender = PacketCiphers.Create(completed.Cipher, key, new PacketCipherOptions { RotationBit = 2 });
        using var receiver = PacketCiphers.Create(completed.Cipher, serverKey, new PacketCipherOptions { RotationBit = 2 });
        var packet = new byte[sender.HeaderLength + 100 + sender.TrailerLength];
        for (var i = 0; i < 20; i++) Assert.That(sender.TrySeal(packet) && receiver.TryOpen(packet), Is.True);

        // A signing key in a file that no other test has read, and the text of it that nobody knows beforehand.
        var path = Path.GetTempFileName();
        using var text = new SecretBuffer(32);
        try
        {
            WriteKey(path, text);
            using var identity = SigningKey.Open(path);
            Assert.That(identity.Type, Is.EqualTo("ED25519"));
            Assert.That(identity.Sign(DigestAlgorithm.None, "message"u8), Has.Length.EqualTo(64));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.That(Count(key.Span), Is.Zero, "the session key");
        Assert.That(Count(text.Span), Is.Zero, "the private key's file");
        // That the search finds what is there, and stays where the search looks for it.
        var leak = GC.AllocateUninitializedArray<byte>(key.Span.Length, pinned: true);
        var other = GC.AllocateUninitializedArray<byte>(text.Span.Length, pinned: true);
        key.Span.CopyTo(leak);
        text.Span.CopyTo(other);
        Assert.That(Count(key.Span, leak), Is.Positive);
        Assert.That(Count(text.Span, other), Is.Positive);
        GC.KeepAlive(leak);
        GC.KeepAlive(other);
        Array.Clear(leak);
        Array.Clear(other);
    }

    /// <summary>A new Ed25519 key in PEM (RFC 8410), made and written in native memory only.</summary>
    private static void WriteKey(string path, SecretBuffer text)
    {
        ReadOnlySpan<byte> prefix = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        using var der = new SecretBuffer(prefix.Length + 32);
        prefix.CopyTo(der.Span);
        RandomNumberGenerator.Fill(der.Span[prefix.Length..]);
        using var pem = new SecretBuffer(200);
        var begin = "-----BEGIN PRIVATE KEY-----\n"u8;
        var end = "\n-----END PRIVATE KEY-----\n"u8;
        begin.CopyTo(pem.Span);
        Assert.That(Base64.EncodeToUtf8(der.Span, pem.Span[begin.Length..], out _, out var length), Is.EqualTo(OperationStatus.Done));
        // The end of the text: behind the prefix.
        pem.Span.Slice(begin.Length + length - text.Length, text.Length).CopyTo(text.Span);
        end.CopyTo(pem.Span[(begin.Length + length)..]);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, pem.Span[..(begin.Length + length + end.Length)], 0);
    }

    /// <summary>How often some bytes are in the memory that the garbage collector has reserved, as far as it is known to be in use.</summary>
    /// <param name="secret">What is looked for.</param>
    /// <param name="inside">Objects whose surroundings count in any case.</param>
    private static unsafe int Count(ReadOnlySpan<byte> secret, params object[] inside)
    {
        // The collector has one reservation, in regions of 4 MiB at least. Between the lowest and the highest object seen nothing else can be; beyond, there
        // may be native memory, where keys belong. Old objects and fresh ones, small, large and pinned, are far apart in it.
        object[] seen = [.. inside, Thread.CurrentThread, new object(), new byte[200_000], GC.AllocateUninitializedArray<byte>(16, pinned: true)];
        const ulong Region = 4 << 20;
        var (lowest, highest) = (ulong.MaxValue, 0ul);
        foreach (var one in seen)
        {
            var o = one;
            var at = Unsafe.As<object, ulong>(ref o);
            lowest = Math.Min(lowest, at & ~(Region - 1));
            highest = Math.Max(highest, (at & ~(Region - 1)) + Region);
        }
        using var memory = File.OpenHandle("/proc/self/mem");
        // Native, so that the search does not find itself.
        const int Chunk = 1 << 20;
        var buffer = (byte*)NativeMemory.Alloc(Chunk);
        try
        {
            var found = 0;
            foreach (var map in File.ReadAllLines("/proc/self/maps").Select(Parse).Where(m => m.Readable && m.From < highest && m.Until > lowest))
            {
                var until = Math.Min(map.Until, highest);
                for (var at = Math.Max(map.From, lowest); at < until; at += Chunk - 64)
                {
                    var span = new Span<byte>(buffer, (int)Math.Min(Chunk, until - at));
                    int read;
                    try
                    {
                        read = RandomAccess.Read(memory, span, (long)at);
                    }
                    catch (IOException)
                    {
                        // Given back since the list was read.
                        break;
                    }
                    for (var rest = (ReadOnlySpan<byte>)span[..read]; rest.IndexOf(secret) is >= 0 and var next; rest = rest[(next + 1)..]) found++;
                }
            }
            return found;
        }
        finally
        {
            NativeMemory.Clear(buffer, Chunk);
            NativeMemory.Free(buffer);
        }
    }

    private static (ulong From, ulong Until, bool Readable) Parse(string line)
    {
        // from-until permissions offset device inode path
        var parts = line.Split(' ', 3);
        var range = parts[0].Split('-');
        return (
            ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            parts[1].StartsWith("rw", StringComparison.Ordinal));
    }
}

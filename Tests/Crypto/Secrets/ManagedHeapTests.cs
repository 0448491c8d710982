using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
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
        // That the search finds what is there.
        var leak = key.Span.ToArray();
        var other = text.Span.ToArray();
        Assert.That(Count(key.Span), Is.Positive);
        Assert.That(Count(text.Span), Is.Positive);
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

    /// <summary>How often some bytes are in the memory that the garbage collector has reserved.</summary>
    private static unsafe int Count(ReadOnlySpan<byte> secret)
    {
        // The collector's memory is one reservation with pieces in use: all mappings that touch the one which a fresh object is in.
        var maps = File.ReadAllLines("/proc/self/maps").Select(Parse).ToArray();
        var probe = GC.AllocateUninitializedArray<byte>(1, pinned: true);
        ulong here;
        fixed (byte* p = probe) here = (ulong)p;
        var first = Array.FindIndex(maps, m => m.From <= here && here < m.Until);
        var last = first;
        while (first > 0 && maps[first - 1].Until == maps[first].From && maps[first - 1].Anonymous) first--;
        while (last + 1 < maps.Length && maps[last].Until == maps[last + 1].From && maps[last + 1].Anonymous) last++;
        using var memory = File.OpenHandle("/proc/self/mem");
        // Native, so that the search does not find itself.
        const int Chunk = 1 << 20;
        var buffer = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc(Chunk);
        try
        {
            var found = 0;
            foreach (var map in maps[first..(last + 1)].Where(m => m.Readable))
            {
                for (var at = map.From; at < map.Until; at += Chunk - 64)
                {
                    var span = new Span<byte>(buffer, (int)Math.Min(Chunk, map.Until - at));
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
            System.Runtime.InteropServices.NativeMemory.Clear(buffer, Chunk);
            System.Runtime.InteropServices.NativeMemory.Free(buffer);
        }
    }

    private static (ulong From, ulong Until, bool Readable, bool Anonymous) Parse(string line)
    {
        // from-until permissions offset device inode path
        var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        var range = parts[0].Split('-');
        return (
            ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            parts[1].StartsWith("rw", StringComparison.Ordinal), parts.Length < 6);
    }
}

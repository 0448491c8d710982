using System.Diagnostics;
using System.Globalization;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Tests.Benchmarks.Crypto;

/// <summary>
/// <c>figures crypto [seconds]</c>: whole handshakes a second for each key exchange, both sides in one thread; packets of 1,400 bytes sealed and opened a second,
/// beside what <c>openssl speed</c> says of the bare cipher on the same machine in the same minute.
/// </summary>
internal static class CryptoFigures
{
    private const int PacketLength = 1400;

    public static int Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 1;
        Console.WriteLine($"per second of processor time; OpenSSL {OpenSslLibrary.Version?.ToString(2)}, {seconds} s each, load {File.ReadAllText("/proc/loadavg").Trim()}");
        Console.WriteLine("handshakes (request, response, both keys), one thread, without certificates:");
        foreach (var algorithm in KeyExchangeAlgorithms.All)
        {
            Console.WriteLine(KeyExchanges.IsSupported(algorithm)
                ? $"  {algorithm.Name(),-16} {Rate(Handshake(algorithm), seconds),10:N0} /s"
                : $"  {algorithm.Name(),-16} needs OpenSSL 3.5");
        }
        Console.WriteLine($"packets of {PacketLength} bytes, one thread:");
        foreach (var cipher in CipherAlgorithms.All)
        {
            var (seal, both) = Packets(cipher);
            var sealing = Rate(seal, seconds);
            var sealingAndOpening = Rate(both, seconds);
            var opening = 1 / ((1 / sealingAndOpening) - (1 / sealing));
            Console.WriteLine($"  {cipher.Name(),-18} seal {Megabytes(sealing),8:N0} MB/s {1e9 / sealing,6:N0} ns   open {Megabytes(opening),8:N0} MB/s {1e9 / opening,6:N0} ns"
                + $"   openssl speed {Bare(cipher, seconds),8:N0} MB/s");
        }
        return 0;
    }

    private static Action Handshake(KeyExchangeAlgorithm algorithm)
    {
        var side = new OapSide { Encryption = new EncryptionOptions { KeyExchange = algorithm } };
        var server = new OapServer();
        var now = OapClock.Now(TimeProvider.System);
        return () =>
        {
            // Time moves on, so that the replay window does what it does in life.
            now += 100_000;
            using var client = OapClient.Begin(side, "bench", now);
            using var served = server.Serve(side, "bench", client.Request.Span, now);
            using var done = client.Complete(served.Response.Span, now);
            if (done.Error != FlowError.None) throw new InvalidOperationException(done.Detail);
        };
    }

    private static (Action Seal, Action SealAndOpen) Packets(CipherAlgorithm algorithm)
    {
        using var key = new SecretBuffer(32);
        var sender = PacketCiphers.Create(algorithm, key);
        var receiver = PacketCiphers.Create(algorithm, key);
        var packet = GC.AllocateArray<byte>(sender.HeaderLength + PacketLength + sender.TrailerLength, pinned: true);
        return (() => Check(sender.TrySeal(packet)), () => Check(sender.TrySeal(packet) && receiver.TryOpen(packet)));
    }

    private static void Check(bool ok)
    {
        if (!ok) throw new InvalidOperationException();
    }

    private static double Rate(Action action, double seconds)
    {
        for (var i = 0; i < 50; i++) action();
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        long done = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            for (var i = 0; i < 16; i++) action();
            done += 16;
        }
        // Per second of processor time, as openssl speed counts too: the figures hold on a machine that is busy with other things.
        return done / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static double Megabytes(double packets) => packets * PacketLength / 1e6;

    /// <summary>MB/s of <c>openssl speed</c>; NaN when the tool is not there.</summary>
    internal static double Bare(CipherAlgorithm algorithm, double seconds)
    {
        try
        {
            var whole = Math.Max(1, (int)Math.Round(seconds));
            var start = new ProcessStartInfo("openssl", ["speed", "-mr", "-bytes", $"{PacketLength}", "-seconds", $"{whole}", "-evp", algorithm.Name()])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var tool = Process.Start(start)!;
            _ = tool.StandardError.ReadToEndAsync();
            // +F:number:name:bytes a second
            var line = tool.StandardOutput.ReadToEnd().Split('\n').FirstOrDefault(l => l.StartsWith("+F:", StringComparison.Ordinal));
            return line is null ? double.NaN : double.Parse(line.Split(':')[^1], CultureInfo.InvariantCulture) / 1e6;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return double.NaN;
        }
    }
}

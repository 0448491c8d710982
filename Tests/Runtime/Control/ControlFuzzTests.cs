using Google.Protobuf;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Control.Wire;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>Whatever a client sends, with whatever rights: the daemon answers or refuses, and goes on. On a real runtime.</summary>
public sealed class ControlFuzzTests : RuntimeTest
{
    private const int Seed = 20260101;
    private const int Mutations = 20_000;

    [Test]
    public async Task Every_truncation_of_the_captured_records_is_answered_or_malformed()
    {
        var commands = new ControlCommands(Node, Time, Logger.None);
        foreach (var record in CapturedRecord.All)
        {
            for (var length = 0; length <= record.Bytes.Length; length++) await Send(commands, record.Bytes.AsMemory(0, length), 0);
        }
        await Node.Irm.ListNamesAsync().WaitAsync(Soon);
    }

    [Test]
    public async Task Mutated_records_are_answered_or_malformed()
    {
        var failures = new Failures();
        await using var log = new LoggerConfiguration().WriteTo.Sink(failures).CreateLogger();
        var commands = new ControlCommands(Node, Time, log);
        var random = new Random(Seed);
        var requests = CapturedRecord.All.Where(r => r.IsRequest).Select(r => r.Bytes).ToList();
        var executed = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var record = Mutate(requests[random.Next(requests.Count)], requests, random);
            if (await Send(commands, record, (uint)(random.Next(4) == 0 ? 65534 : 0))) executed++;
        }
        Assert.That(executed, Is.GreaterThan(Mutations / 10), $"too few are requests at all (seed {Seed})");
        // Refusals are answers; an exception that nobody foresaw is not.
        Assert.That(failures.Seen, Is.Empty, $"seed {Seed}");
        await Node.Irm.ListNamesAsync().WaitAsync(Soon);
    }

    private static async Task<bool> Send(ControlCommands commands, ReadOnlyMemory<byte> record, uint uid)
    {
        if (!ControlServer.TryParse(record.Span, out var request, out _)) return false;
        var answer = await commands.ExecuteAsync(request!, new Credentials(uid, uid, "fuzz"), CancellationToken.None).WaitAsync(Soon);
        if (answer.Next is { } next) await next.DisposeAsync();
        foreach (var reply in answer.Replies) Assert.That(reply.CalculateSize(), Is.LessThanOrEqualTo(ControlProtocol.MaxRecord));
        return true;
    }

    private static byte[] Mutate(byte[] original, List<byte[]> others, Random random)
    {
        var bytes = original.ToList();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3 when bytes.Count > 1:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    // The command of one record with the fields of another.
                    bytes[Math.Min(1, bytes.Count - 1)] = (byte)random.Next(1, 28);
                    break;
                default:
                    bytes.AddRange(others[random.Next(others.Count)][2..]);
                    break;
            }
        }
        return [.. bytes];
    }

    private sealed class Failures : ILogEventSink
    {
        public List<string> Seen { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Level >= LogEventLevel.Error) Seen.Add($"{logEvent.RenderMessage()} {logEvent.Exception}");
        }
    }
}

using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Ouroboros.Tests.Benchmarks.Engine;

/// <summary>Time and allocation of one message.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private const int Messages = 100_000;
    private const int Burst = 10_000;
    private const int Asks = 10_000;

    private ActorSystem _system = null!;
    private (IActorRef A, IActorRef B)[] _pairs = [];
    private IActorRef _sink = null!;
    private IActorRef _source = null!;
    private IActorRef _echo = null!;

    [GlobalSetup]
    public void Start()
    {
        _system = BenchActors.NewSystem();
        _pairs = [.. Enumerable.Range(0, 8).Select(_ => (_system.ActorOf<BenchActors.Player>(), _system.ActorOf<BenchActors.Player>()))];
        _sink = _system.ActorOf<BenchActors.Sink>();
        _source = _system.ActorOf<BenchActors.Source>();
        _echo = _system.ActorOf<BenchActors.Player>();
    }

    [GlobalCleanup]
    public void Stop() => _system.Terminate().Wait();

    [Benchmark(Description = "ping-pong", OperationsPerInvoke = Messages)]
    public Task PingPong() => Play(_pairs[0], Messages / 2);

    [Benchmark(Description = "ping-pong, 8 pairs", OperationsPerInvoke = Messages)]
    public Task EightPairs() => Task.WhenAll(_pairs.Select(p => Play(p, Messages / 2 / 8)));

    [Benchmark(Description = "tell from outside, bursts of 10,000", OperationsPerInvoke = Messages)]
    public async Task TellInBursts()
    {
        for (var i = 0; i < Messages / Burst; i++)
        {
            var done = NewSource();
            _sink.Tell(new BenchActors.Expect(Burst, done), ActorRefs.NoSender);
            for (var j = 0; j < Burst; j++) _sink.Tell(BenchActors.Ball, ActorRefs.NoSender);
            await done.Task;
        }
    }

    [Benchmark(Description = "tell from actor to actor, one to one", OperationsPerInvoke = Messages)]
    public Task OneToOne()
    {
        var done = NewSource();
        _sink.Tell(new BenchActors.Expect(Messages, done), ActorRefs.NoSender);
        _source.Tell(new BenchActors.Send(_sink, Messages), ActorRefs.NoSender);
        return done.Task;
    }

    [Benchmark(Description = "ask and answer", OperationsPerInvoke = Asks)]
    public async Task Ask()
    {
        for (var i = 0; i < Asks; i++) await _echo.Ask<object>(BenchActors.Ball, TimeSpan.FromSeconds(10));
    }

    private static Task Play((IActorRef A, IActorRef B) pair, int rounds)
    {
        var done = NewSource();
        pair.A.Tell(new BenchActors.Serve(pair.B, rounds, done), ActorRefs.NoSender);
        return done.Task;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

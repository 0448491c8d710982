using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Ouroboros.Tests.Benchmarks.Engine;

/// <summary>Time and allocation of making one child, until its <c>PreStart</c> has run.</summary>
[MemoryDiagnoser]
public class SpawnBenchmarks
{
    private const int Children = 20_000;

    private static readonly Props Props = Props.Create<BenchActors.Starting>();

    private ActorSystem _system = null!;
    private IActorRef _parent = null!;

    [GlobalSetup]
    public void Start() => _system = BenchActors.NewSystem();

    [GlobalCleanup]
    public void Stop() => _system.Terminate().Wait();

    [IterationSetup]
    public void NewParent() => _parent = _system.ActorOf<BenchActors.Parent>();

    [IterationCleanup]
    public void StopParent() => _parent.GracefulStop(TimeSpan.FromMinutes(1)).Wait();

    [Benchmark(Description = "spawn", OperationsPerInvoke = Children)]
    public async Task Spawn()
    {
        var started = BenchActors.Starting.Expect(Children);
        _parent.Tell(new BenchActors.Make(Children, Props), ActorRefs.NoSender);
        await started;
    }
}

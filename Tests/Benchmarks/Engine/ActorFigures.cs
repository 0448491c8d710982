using System.Diagnostics;
using Akka.Actor;

namespace Ouroboros.Tests.Benchmarks.Engine;

/// <summary>Figures of the actor engine that are no time per operation: <c>-- figures actors</c>.</summary>
internal static class ActorFigures
{
    public static async Task RunAsync()
    {
        await IdleAsync("untyped actor", Props.Create<BenchActors.Idle>(), 500_000);
        await IdleAsync("receive actor, 3 handlers", Props.Create<BenchActors.IdleReceive>(), 500_000);
        await IdleAsync("untyped actor", Props.Create<BenchActors.Idle>(), 1_000_000);
    }

    /// <summary>
    /// Managed bytes per idle actor: without, and with its path and name in memory, which some engines make when they are asked for.
    /// </summary>
    private static async Task IdleAsync(string what, Props props, int count)
    {
        var system = BenchActors.NewSystem();
        var keeper = system.ActorOf(Props.Create(() => new Keeper()));
        await keeper.Ask<object>(new BenchActors.Make(10, props));
        var before = Settled();
        await keeper.Ask<object>(new BenchActors.Make(count, props));
        // Every child has been made when it has answered.
        await keeper.Ask<object>("all there?");
        var idle = Settled() - before;
        await keeper.Ask<object>("paths");
        var named = Settled() - before;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"{count:N0} idle actors ({what}): {(double)idle / count:N0} bytes each, " +
            $"{(double)named / count:N0} with path and name; process {process.WorkingSet64 / 1048576:N0} MiB");
        await system.Terminate();
    }

    private static long Settled()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(true);
    }

    private sealed class Keeper : UntypedActor
    {
        private int _missing;
        private IActorRef _asker = ActorRefs.Nobody;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case BenchActors.Make make:
                    for (var i = 0; i < make.Count; i++) Context.ActorOf(make.Props);
                    Sender.Tell(BenchActors.Ball);
                    break;
                case "all there?":
                    _asker = Sender;
                    foreach (var child in Context.GetChildren())
                    {
                        _missing++;
                        child.Tell(new Identify(null));
                    }
                    break;
                case ActorIdentity:
                    if (--_missing == 0) _asker.Tell(BenchActors.Ball);
                    break;
                case "paths":
                    foreach (var child in Context.GetChildren())
                        if (child.Path.Name.Length == 0) throw new InvalidOperationException();
                    Sender.Tell(BenchActors.Ball);
                    break;
            }
        }
    }
}

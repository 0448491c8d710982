using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Ouroboros.Tests.Benchmarks.Crypto;
using Ouroboros.Tests.Benchmarks.Engine;
using Ouroboros.Tests.Benchmarks.Ethernet;
using Ouroboros.Tests.Benchmarks.Flows;
using Ouroboros.Tests.Benchmarks.Routing;
using Ouroboros.Tests.Benchmarks.Runtime;
using Ouroboros.Tests.Benchmarks.Unicast;

namespace Ouroboros.Tests.Benchmarks;

/// <summary>
/// <c>dotnet run -c Release --project Tests/Benchmarks -- --filter '*'</c> runs the BenchmarkDotNet classes; <c>-- figures [name...]</c> takes
/// the figures that are no time per operation: distributions, cycles a second under concurrency, bytes per idle flow.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["figures", "actors"])
        {
            await ActorFigures.RunAsync().ConfigureAwait(false);
            return 0;
        }
        if (args is ["figures", "crypto", ..]) return CryptoFigures.Run(args[2..]);
        if (args is ["figures", "ethernet", "bare", ..]) return EthernetFigures.RunBare(RoundsOf(args, 3));
        if (args is ["figures", "ethernet", ..]) return await EthernetFigures.RunAsync(RoundsOf(args, 2)).ConfigureAwait(false);
        if (args is ["figures", "routing"]) return RoutingFigures.Run();
        if (args is ["figures", "security", ..]) return await SecurityFigures.RunAsync(args[2..]).ConfigureAwait(false);
        if (args is ["figures", "forward"]) return ForwardFigures.Run();
        if (args is ["figures", "unicast"]) return await LineFigures.RunAsync().ConfigureAwait(false);
        if (args is ["figures", "flows", ..]) return await FlowFigures.RunAsync(args[2..]).ConfigureAwait(false);
        if (args is ["figures", ..]) return await RuntimeFigures.RunAsync(args[1..]).ConfigureAwait(false);
        // In process: the out-of-process toolchain builds a project of its own, which knows nothing of this repository's output folders.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
    }

    private static int RoundsOf(string[] args, int at) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : 3;
}

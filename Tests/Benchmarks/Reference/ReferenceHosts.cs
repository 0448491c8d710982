using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ouroboros.Tests.Benchmarks.Reference;

/// <summary>
/// The C reference in two network namespaces, where somebody has built one: its IRMd in each, with directories of its own, and its tools. The folder
/// that it is installed in is given by <see cref="Variable"/>. Ends what it has started, and nothing else.
/// </summary>
internal sealed partial class ReferenceHosts : IDisposable
{
    /// <summary>Environment variable: the folder whose <c>bin</c> and <c>sbin</c> hold the reference's programs.</summary>
    public const string Variable = "OUROBOROS_REFERENCE";

    /// <summary>The name that ocbr serves.</summary>
    public const string FloodName = "cbr";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2.5);

    private readonly ConcurrentQueue<double> _rates = new();
    private readonly string _prefix;
    private readonly Namespaces _wires;
    private readonly Process?[] _holders = new Process?[2];
    private readonly List<Process> _daemons = [];
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("reference-");

    private ReferenceHosts(string prefix, Namespaces wires) => (_prefix, _wires) = (prefix, wires);

    /// <summary>Starts an IRMd in each of two namespaces; null when no reference is given.</summary>
    /// <param name="wires">The first is the client's, the second the server's.</param>
    /// <param name="hosts">Lines of the client's table of hosts.</param>
    public static ReferenceHosts? Start(Namespaces wires, params string[] hosts)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } prefix) return null;
        if (!File.Exists(Path.Combine(prefix, "sbin", "irmd"))) throw new InvalidOperationException($"{Variable}={prefix}: there is no sbin/irmd");
        var reference = new ReferenceHosts(prefix, wires);
        try
        {
            for (var host = 0; host < 2; host++) reference.StartHost(host, hosts);
            return reference;
        }
        catch
        {
            reference.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    public string Run(int host, params string[] command)
    {
        using var process = Launch(host, command);
        var said = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience)) process.Kill();
        process.WaitForExit();
        return said.Result + error.Result;
    }

    /// <summary>Serves <c>oping</c> and <c>ocbr</c> on the second host, in a layer that is there.</summary>
    private void Serve(string layer)
    {
        foreach (var (program, name) in new[] { ("oping", FlowRuns.Name), ("ocbr", FloodName) })
        {
            // Bound before the programs start: a running one learns of no further names.
            for (var host = 0; host < 2; host++) Run(host, "irm", "bind", "program", program, "name", name);
            Run(1, "irm", "name", "register", name, "layer", layer);
        }
        var oping = Launch(1, "oping", "-l");
        oping.StandardOutput.ReadToEndAsync();
        oping.StandardError.ReadToEndAsync();
        var ocbr = Launch(1, "stdbuf", "-oL", "ocbr", "-l", "-i", "1");
        ocbr.StandardError.ReadToEndAsync();
        ocbr.OutputDataReceived += (_, line) =>
        {
            if (Rate().Match(line.Data ?? "") is { Success: true } rate) _rates.Enqueue(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture));
        };
        ocbr.BeginOutputReadLine();
        _daemons.AddRange([oping, ocbr]);
    }

    /// <summary>Ping-pong without a pause, the reference's own client.</summary>
    /// <returns>Microseconds, sorted; empty when it did not come about.</returns>
    private double[] RoundTrips(int count)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var times = Time().Matches(Run(0, "oping", "-n", FlowRuns.Name, "-c", $"{count}", "-s", "64", "-f")).Select(Microseconds).Order().ToArray();
            // The first allocation fails now and then: its IRMd waits 200 ms for the name.
            if (times.Length > 0) return times;
        }
        return [];
    }

    /// <summary>One way as fast as it can.</summary>
    /// <param name="size">Bytes of a packet.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>Packets received a second, without the first and the last interval; 0 when it did not come about.</returns>
    private double OneWay(int size, int seconds)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            _rates.Clear();
            var said = Run(0, "ocbr", "-n", FloodName, "-d", $"{seconds}", "-s", $"{size}", "-f");
            if (!said.Contains("sent statistics", StringComparison.Ordinal)) continue;
            // What is queued at the server is counted in one more interval.
            Thread.Sleep(Settle);
            var intervals = _rates.ToArray();
            if (intervals.Length > 2) return intervals[1..^1].Average();
        }
        return 0;
    }

    /// <summary>Takes the figures of a layer that is there on both hosts, and keeps them.</summary>
    public void Measure(string what, string layer, int trips, int seconds, int runs, int[] sizes, FigureTable table)
    {
        Serve(layer);
        for (var run = 1; run <= runs; run++)
        {
            var times = RoundTrips(trips);
            Console.WriteLine($"round trip of 64 bytes, {what}: {(times.Length == 0 ? "did not come about" : $"{FlowRuns.Describe(times)} of {times.Length}")}");
            if (times.Length > 0) table.Add(FlowRuns.RoundTrip, what, times[times.Length / 2]);
        }
        foreach (var size in sizes)
        {
            for (var run = 1; run <= runs; run++)
            {
                var received = OneWay(size, seconds);
                Console.WriteLine($"one way, {what}, {size} bytes, run {run}: {(received == 0 ? "did not come about" : $"{received:N0} received/s")}");
                if (received > 0) table.Add(FlowRuns.OneWay(size), what, received);
            }
        }
    }

    public void Dispose()
    {
        foreach (var daemon in _daemons)
        {
            Terminate(daemon);
            daemon.Dispose();
        }
        foreach (var holder in _holders)
        {
            if (holder is null) continue;
            holder.Kill();
            holder.WaitForExit();
            holder.Dispose();
        }
        _files.Delete(recursive: true);
    }

    private void StartHost(int host, string[] hosts)
    {
        var table = Path.Combine(_files.FullName, $"hosts{host}");
        File.WriteAllLines(table, ["127.0.0.1 localhost", .. hosts]);
        var start = new ProcessStartInfo("ip") { RedirectStandardOutput = true, RedirectStandardInput = true };
        // Both would use the same sockets and the same shared memory.
        var script = $"mount --bind {table} /etc/hosts && mkdir -p /etc/ouroboros && for d in /etc/ouroboros /run /dev/shm /tmp; do mount -t tmpfs none $d; done "
            + "&& mkdir -p /run/ouroboros /run/lock && echo ready && exec sleep infinity";
        foreach (var argument in new[] { "netns", "exec", _wires[host], "unshare", "-m", "--propagation", "private", "sh", "-c", script }) start.ArgumentList.Add(argument);
        var holder = _holders[host] = Process.Start(start)!;
        if (holder.StandardOutput.ReadLine() != "ready") throw new InvalidOperationException($"no host for the reference in {_wires[host]}");
        var irmd = Launch(host, "irmd", "--stdout");
        irmd.OutputDataReceived += (_, _) => { };
        irmd.BeginOutputReadLine();
        irmd.StandardError.ReadToEndAsync();
        _daemons.Insert(0, irmd);
        var since = Stopwatch.GetTimestamp();
        while (Run(host, "irm", "name", "list") is var said && (said.Length == 0 || said.Contains("rror", StringComparison.Ordinal) || said.Contains("ailed", StringComparison.Ordinal)))
        {
            if (Stopwatch.GetElapsedTime(since) > Patience) throw new InvalidOperationException($"the reference's irmd does not answer: {said}");
            Thread.Sleep(100);
        }
    }

    private Process Launch(int host, params string[] command)
    {
        var start = new ProcessStartInfo("nsenter") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        var path = $"PATH={_prefix}/sbin:{_prefix}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var argument in (string[])["-t", $"{_holders[host]!.Id}", "-n", "-m", "env", path, .. command]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Asks it to end, as its IRMd takes its IPCPs with it then, and insists after a while.</summary>
    private static void Terminate(Process process)
    {
        if (process.HasExited) return;
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();
        if (process.WaitForExit(TimeSpan.FromSeconds(15))) return;
        process.Kill();
        process.WaitForExit();
    }

    private static double Microseconds(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
    {
        "s" => 1e6,
        "ms" => 1e3,
        _ => 1,
    };

    [GeneratedRegex(@"seq=\d+ time=([0-9.]+) (ms|us|µs|s)\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"=>\s*([0-9.]+) pps")]
    private static partial Regex Rate();
}

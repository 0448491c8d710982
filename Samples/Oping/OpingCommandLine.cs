using Ouroboros.Layers.Flow;
using Ouroboros.Samples.Oping.Wire;

namespace Ouroboros.Samples.Oping;

/// <summary>Reads oping's options (tools-and-rib.md 2.2) and says what was wrong with them.</summary>
public static class OpingCommandLine
{
    /// <summary>The reference's help text, the one option that is ours, and examples.</summary>
    public const string Usage =
        """
        Usage: oping [OPTION]...

        Checks liveness between a client and a server
        and reports the Round Trip Time (RTT)

          -l, --listen            Run in server mode
              --poll              Server uses polling (lower latency)
              --busy              Server uses busy-poll (single flow)

          -c, --count             Number of packets
          -d, --duration          Duration of the test (default 1s)
          -f, --flood             Send back-to-back without waiting
          -F, --flood-busy        Flood with busy-polling (lower latency)
          -i, --interval          Interval (default 1000ms)
          -n, --server-name       Name of the oping server
          -q, --qos               QoS (raw, best, video, voice, data)
          -s, --size              Payload size (B, default 64)
          -Q, --quiet             Only print final statistics
          -D, --timeofday         Print time of day before each line

              --config            HOCON file with the layers to run in
              --help              Display this help text and exit

        Without --config it uses the irmd of this machine.
        Example: oping -l    and, in another terminal,    oping -n oping -c 5

        """;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    /// <summary>Reads a command line.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="output">Gets what the user should know, also when it goes on.</param>
    /// <returns>null when the program is to end with exit code 1.</returns>
    public static OpingOptions? Parse(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            return Read(new ArgumentReader(arguments), output);
        }
        catch (UsageException e)
        {
            output.WriteLine(e.Message);
            return null;
        }
    }

    private static OpingOptions? Read(ArgumentReader arguments, TextWriter output)
    {
        var options = new OpingOptions();
        string? name = null;
        long? duration = null;
        long interval = (long)options.Interval.TotalMilliseconds;
        int size = OpingMessage.MinSize;
        while (arguments.MoveNext())
        {
            if (arguments.Is("-l", "--listen")) options = options with { Listen = true };
            else if (arguments.Is("--poll")) options = options with { ServerMode = options.ServerMode == ServerMode.Busy ? ServerMode.Busy : ServerMode.Poll };
            else if (arguments.Is("--busy")) options = options with { ServerMode = ServerMode.Busy };
            else if (arguments.Is("-f", "--flood")) options = options with { ClientMode = options.ClientMode == ClientMode.FloodBusy ? ClientMode.FloodBusy : ClientMode.Flood };
            else if (arguments.Is("-F", "--flood-busy")) options = options with { ClientMode = ClientMode.FloodBusy };
            else if (arguments.Is("-Q", "--quiet")) options = options with { Quiet = true };
            else if (arguments.Is("-D", "--timeofday")) options = options with { TimeOfDay = true };
            else if (arguments.Is("-c", "--count", out var count)) options = options with { Count = ArgumentReader.Number(count) };
            else if (arguments.Is("-d", "--duration", out var time)) duration = ArgumentReader.Milliseconds(time);
            else if (arguments.Is("-i", "--interval", out var gap)) interval = ArgumentReader.Milliseconds(gap);
            else if (arguments.Is("-n", "--server-name", out var server)) name = server;
            else if (arguments.Is("-s", "--size", out var bytes)) size = ArgumentReader.Number(bytes);
            else if (arguments.Is("-q", "--qos", out var cube)) options = options with { Qos = Qos(cube) };
            else if (arguments.Is("--config", "--config", out var file)) options = options with { Configuration = file };
            else throw arguments.Unknown();
        }
        if (options.Listen) return options with { Name = name ?? OpingOptions.DefaultName };
        if (name is null)
        {
            output.WriteLine("No server specified.");
            output.Write(Usage);
            return null;
        }
        interval = Limit(interval, output);
        if (duration is { } length)
        {
            var count = interval == 0 ? length * 10 : length / interval;
            options = options with { Count = (int)Math.Min(count, int.MaxValue) };
        }
        return options with { Name = name, Interval = TimeSpan.FromMilliseconds(interval), Size = Limit(size, output) };
    }

    // The reference takes raw instead, and the flow is not what was asked for.
    private static QosSpec Qos(string name) => QosSpec.TryFromName(name, out var qos)
        ? qos
        : throw new UsageException($"Unknown QoS: {name}; use raw, best, video, voice or data.");

    private static long Limit(long interval, TextWriter output)
    {
        var longest = (long)LongestInterval.TotalMilliseconds;
        if (interval <= longest) return interval;
        output.WriteLine("Ping interval truncated to 10s.");
        return longest;
    }

    private static int Limit(int size, TextWriter output)
    {
        if (size > OpingMessage.MaxSize) output.WriteLine($"Packet size truncated to {OpingMessage.MaxSize} bytes.");
        else if (size < OpingMessage.MinSize) output.WriteLine($"Packet size set to {OpingMessage.MinSize} bytes.");
        return Math.Clamp(size, OpingMessage.MinSize, OpingMessage.MaxSize);
    }
}

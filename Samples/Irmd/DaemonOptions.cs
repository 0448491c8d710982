namespace Ouroboros.Samples.Irmd;

/// <summary>The daemon's command line.</summary>
/// <param name="Config">Configuration file; null = defaults only, nothing is configured.</param>
/// <param name="Stdout">Log to the standard output.</param>
/// <param name="Socket">Where to listen; null = as configured.</param>
/// <param name="Version">Only say the version.</param>
/// <param name="Help">Only say how it is used.</param>
internal sealed record DaemonOptions(string? Config = null, bool Stdout = false, string? Socket = null, bool Version = false, bool Help = false)
{
    public const string Usage = """
        Usage: irmd [--config FILE] [--stdout] [--socket PATH] [--version] [--help]

          --config FILE  HOCON configuration: names, IPCPs, settings; hocon/reference.conf has every key
          --stdout       log to the standard output
          --socket PATH  listen there, instead of ouroboros.control.socket, $OUROBOROS_SOCKET or /var/run/ouroboros/irm.sock
          --version      print the version and exit
          --help         print this text and exit

        Example: irmd --config hocon/minimal.conf --stdout
        INT, TERM, HUP and QUIT end it in order, with exit status 0.

        """;

    /// <summary>Reads a command line; null and the problem when it is none.</summary>
    public static DaemonOptions? Parse(IReadOnlyList<string> args, out string? problem)
    {
        var options = new DaemonOptions();
        problem = null;
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--stdout":
                    options = options with { Stdout = true };
                    break;
                case "--version":
                    options = options with { Version = true };
                    break;
                case "--help" or "-h":
                    options = options with { Help = true };
                    break;
                case "--config" or "--socket" when i + 1 == args.Count:
                    problem = $"{args[i]} needs a value.";
                    return null;
                case "--config":
                    options = options with { Config = args[++i] };
                    break;
                case "--socket":
                    options = options with { Socket = args[++i] };
                    break;
                default:
                    problem = $"{args[i]} is unknown.";
                    return null;
            }
        }
        return options;
    }
}

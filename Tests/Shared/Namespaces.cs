using System.Diagnostics;

namespace Ouroboros.Tests;

/// <summary>Network namespaces that a test makes for itself, joined by veth links; needs root and iproute2. Gone when disposed.</summary>
public sealed class Namespaces : IDisposable
{
    private static int s_last;

    private readonly List<string> _names = [];

    /// <summary>Makes namespaces.</summary>
    /// <param name="count">How many.</param>
    public Namespaces(int count)
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                var name = $"o7s-{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}";
                Ip("netns", "add", name);
                _names.Add(name);
                Ip("-n", name, "link", "set", "lo", "up");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The name of one of them.</summary>
    public string this[int index] => _names[index];

    /// <summary>Joins two of them by a veth link whose ends are called <paramref name="left"/> and <paramref name="right"/>, and sets it up.</summary>
    public void Link(int a, string left, int b, string right, int mtu = 1500)
    {
        Ip("link", "add", left, "netns", _names[a], "type", "veth", "peer", "name", right, "netns", _names[b]);
        foreach (var (name, device) in new[] { (_names[a], left), (_names[b], right) })
        {
            Ip("-n", name, "link", "set", device, "mtu", mtu.ToString(null, null));
            // Nobody is to talk IPv6 on the wire of a test.
            Ip("-n", name, "link", "set", device, "addrgenmode", "none");
            Ip("-n", name, "link", "set", device, "up");
        }
    }

    /// <summary>Lets nothing out of an interface any more, or again; its carrier stays. Frames that skip the queueing discipline are not held up.</summary>
    public void Silence(int index, string device, bool silent)
    {
        string[] command = ["netns", "exec", _names[index], "tc", "qdisc", silent ? "add" : "del", "dev", device, "root"];
        Ip(silent ? [.. command, "blackhole"] : command);
    }

    /// <summary>Runs <c>ip -n NAMESPACE ...</c>.</summary>
    public void Ip(int index, params string[] args) => Ip(["-n", _names[index], .. args]);

    /// <summary>Runs <c>ip</c>.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static void Ip(params string[] args)
    {
        var start = new ProcessStartInfo("ip") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip {string.Join(' ', args)}: {error}{output.Result}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var name in _names)
        {
            try
            {
                Ip("netns", "del", name);
            }
            catch (InvalidOperationException)
            {
                // The others are to go all the same.
            }
        }
        _names.Clear();
    }
}

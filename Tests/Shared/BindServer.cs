using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ouroboros.Tests;

/// <summary>A real DNS server: BIND, authoritative for one zone, with files and configuration of its own. Ended by its process id.</summary>
internal sealed class BindServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ouroboros-bind-");
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="zone">The zone; <c>.</c> = root.</param>
    /// <param name="updates">Who may change it, in its own words.</param>
    /// <param name="address">Address to listen on.</param>
    /// <param name="port">Port; 0 = one that is free.</param>
    /// <param name="wrapper">A command to run it under, e.g. <c>ip netns exec NAME</c>.</param>
    /// <param name="keys">Key statements.</param>
    public BindServer(string zone, string updates = "any", string address = "127.0.0.1", int port = 0, string[]? wrapper = null, string keys = "")
    {
        EndPoint = new IPEndPoint(IPAddress.Parse(address), port == 0 ? FreePort() : port);
        var origin = zone == "." ? "." : zone + ".";
        var family = EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? "listen-on-v6" : "listen-on";
        File.WriteAllText(Path("zone"), $"$TTL 60\n@ IN SOA ns.test. admin.test. 1 3600 900 604800 60\n@ IN NS ns.test.\n{(zone == "." ? "ns.test. IN A 10.0.0.53\n" : "")}");
        File.WriteAllText(Path("named.conf"), $$"""
            {{keys}}
            options {
              directory "{{_directory.FullName}}"; pid-file none; session-keyfile none; lock-file none; managed-keys-directory "{{_directory.FullName}}";
              listen-on port {{EndPoint.Port}} { {{(family == "listen-on" ? address + ";" : "none;")}} };
              listen-on-v6 port {{EndPoint.Port}} { {{(family == "listen-on" ? "none;" : address + ";")}} };
              recursion no; dnssec-validation no; notify no;
            };
            controls { };
            zone "{{origin}}" { type primary; file "zone"; allow-update { {{updates}}; }; };
            """);
        string[] command = [.. wrapper ?? [], "/usr/sbin/named", "-g", "-n", "1", "-c", Path("named.conf")];
        _process = new Process { StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true } };
        var running = new TaskCompletionSource<bool>();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log) _log.AppendLine(line.Data);
            if (line.Data is null) running.TrySetResult(false);
            else if (line.Data.EndsWith(" running", StringComparison.Ordinal)) running.TrySetResult(true);
        };
        _process.Start();
        _process.BeginErrorReadLine();
        if (running.Task.Wait(Patience) && running.Task.Result) return;
        Dispose();
        throw new InvalidOperationException($"BIND did not start; is bind9 installed? (test.sh installs it)\n{Log}");
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it said so far.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private string Path(string name) => System.IO.Path.Combine(_directory.FullName, name);

    private static int FreePort()
    {
        // BIND listens on both.
        while (true)
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(tcp.LocalEndPoint!);
                return ((IPEndPoint)udp.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Free for TCP only.
            }
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ouroboros.Runtime.Hosting;

namespace Ouroboros.Tests.Runtime.Hosting;

/// <summary>Hosts whose pools are files in a folder of the test's own; at the end that folder must be empty.</summary>
public abstract class HostingTest
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    protected string Folder { get; private set; } = null!;

    /// <summary>Where the pools are.</summary>
    protected string PoolFolder => Path.Combine(Folder, "pools");

    /// <summary>HOCON that keeps a runtime inside the test's folder, and gives layers and servers the time that a loaded machine needs.</summary>
    protected string Own =>
        $"ouroboros {{ pool {{ directory = \"{PoolFolder}\", prefix = t }}, irmd {{ query-timeout = 1 m, request-arrival-timeout = 1 m, flow-alloc-timeout = 2 m }} }}\n";

    [SetUp]
    public void MakeFolder()
    {
        Folder = Directory.CreateTempSubdirectory("ouroboros-hosting-").FullName;
        Directory.CreateDirectory(PoolFolder);
    }

    [TearDown]
    public void RemoveFolder()
    {
        var left = Directory.GetFileSystemEntries(PoolFolder);
        Directory.Delete(Folder, recursive: true);
        Assert.That(left, Is.Empty, "pool files that nobody removed");
    }

    protected string WriteConfig(string hocon)
    {
        var file = Path.Combine(Folder, "node.conf");
        File.WriteAllText(file, hocon);
        return file;
    }

    protected static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        configure(builder.Services);
        return builder.Build();
    }

    protected static OuroborosRuntime RuntimeOf(IHost host) => host.Services.GetRequiredService<OuroborosRuntimeAccessor>().Runtime;

    /// <summary>Answers every packet of every flow, until cancelled.</summary>
    protected static async Task Echo(Application application, CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        while (true)
        {
            using var flow = await application.AcceptAsync(cancellationToken: cancellationToken);
            try
            {
                while (true)
                {
                    var length = await flow.ReadAsync(buffer, cancellationToken);
                    await flow.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
                }
            }
            catch (FlowException e) when (e.Error == FlowError.FlowDown)
            {
                // The client has closed it.
            }
        }
    }

    /// <summary>Sends one packet over a new flow and gives what comes back.</summary>
    protected static async Task<byte[]> Ask(Application application, string name, byte[] question, CancellationToken cancellationToken = default)
    {
        using var flow = await application.AllocateAsync(name, cancellationToken: cancellationToken).AsTask().WaitAsync(Soon, cancellationToken);
        await flow.WriteAsync(question, cancellationToken);
        var buffer = new byte[256];
        var length = await flow.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(Soon, cancellationToken);
        return buffer[..length];
    }
}

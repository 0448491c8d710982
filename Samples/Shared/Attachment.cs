using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Samples;

/// <summary>
/// The one place where a tool gets its <see cref="Application"/> from: a runtime in the tool's own process, with the layers of a HOCON
/// file, or with none.
/// </summary>
public sealed class Attachment : IAsyncDisposable
{
    private readonly OuroborosRuntime _runtime;

    private Attachment(OuroborosRuntime runtime, Application application, string? advice)
    {
        _runtime = runtime;
        Application = application;
        Advice = advice;
    }

    /// <summary>What the tool allocates and accepts flows with.</summary>
    public Application Application { get; }

    /// <summary>The clock of flows and time-outs.</summary>
    public TimeProvider Time => _runtime.Time;

    /// <summary>What to tell a user whose allocation failed, where the reason lies in how this process is attached; else null.</summary>
    public string? Advice { get; }

    /// <summary>Attaches a program.</summary>
    /// <param name="program">Its name, to which program bindings apply.</param>
    /// <param name="configuration">HOCON file with the layers; null = no layers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Hocon.HoconException">The file is missing, malformed or wrong.</exception>
    /// <exception cref="FlowException">The configuration cannot be applied, or the runtime cannot be started.</exception>
    public static async Task<Attachment> OpenAsync(string program, string? configuration, CancellationToken cancellationToken)
    {
        var config = configuration is null ? NoLayers(program) : HoconConfig.LoadFile(configuration);
        var runtime = await OuroborosRuntime.StartAsync(config, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            var application = await runtime.AttachAsync(Credentials.Current(program), cancellationToken).ConfigureAwait(false);
            return new Attachment(runtime, application, configuration is null ? $"{program} runs without --config, so it has no layers and reaches only names that are served inside this process" : null);
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lets the application accept flows for a name, which is made if need be.</summary>
    public async Task ServeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _runtime.Irm.BindProcessAsync(Application.Id, name, cancellationToken).ConfigureAwait(false);
        }
        catch (FlowException e) when (e.Error == FlowError.AlreadyExists)
        {
            // The configuration binds the program to the name already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync().ConfigureAwait(false);
        await _runtime.DisposeAsync().ConfigureAwait(false);
    }

    // Memory of this process only: nobody else could take part, and the files of a daemon must not be touched.
    private static RuntimeConfig NoLayers(string program) => new()
    {
        Name = program,
        GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
    };
}

using Ouroboros.Pool;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Control;

namespace Ouroboros.Samples;

/// <summary>
/// The one place where a tool gets its <see cref="Application"/> from: a runtime in the tool's own process with the layers of a HOCON file;
/// without a file the daemon of this machine, if one runs, else a runtime without layers.
/// </summary>
public sealed class Attachment : IAsyncDisposable
{
    private readonly OuroborosRuntime? _runtime;
    private readonly ControlClient? _daemon;

    private Attachment(OuroborosRuntime? runtime, ControlClient? daemon, Application application, string? advice)
    {
        _runtime = runtime;
        _daemon = daemon;
        Application = application;
        Advice = advice;
    }

    /// <summary>What the tool allocates and accepts flows with.</summary>
    public Application Application { get; }

    /// <summary>The clock of flows and time-outs.</summary>
    public TimeProvider Time => _runtime?.Time ?? TimeProvider.System;

    /// <summary>What to tell a user whose allocation failed, where the reason lies in how this process is attached; else null.</summary>
    public string? Advice { get; }

    /// <summary>Attaches a program.</summary>
    /// <param name="program">Its name, to which program bindings apply.</param>
    /// <param name="configuration">HOCON file with the layers; null = those of the daemon, or none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Hocon.HoconException">The file is missing, malformed or wrong.</exception>
    /// <exception cref="FlowException">The configuration cannot be applied, or the runtime cannot be started.</exception>
    public static async Task<Attachment> OpenAsync(string program, string? configuration, CancellationToken cancellationToken)
    {
        if (configuration is null && await TryDaemonAsync(program, cancellationToken).ConfigureAwait(false) is { } attached) return attached;
        var config = configuration is null ? NoLayers(program) : HoconConfig.LoadFile(configuration);
        var runtime = await OuroborosRuntime.StartAsync(config, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            var application = await runtime.AttachAsync(Credentials.Current(program), cancellationToken).ConfigureAwait(false);
            return new Attachment(runtime, null, application, configuration is null ? $"{program} runs without --config and no irmd runs here, so it has no layers and reaches only names that are served inside this process" : null);
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
            if (_runtime is not null) await _runtime.Irm.BindProcessAsync(Application.Id, name, cancellationToken).ConfigureAwait(false);
            else await Application.BindAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (FlowException e) when (e.Error == FlowError.AlreadyExists)
        {
            // The configuration binds the program to the name already.
        }
        catch (FlowException e) when (e.Error == FlowError.NotPermitted && _daemon is not null)
        {
            // Without the right to bind himself, a user serves what somebody with the right has bound his program to.
            var processes = await _daemon.ListProcessesAsync(cancellationToken).ConfigureAwait(false);
            if (!processes.Any(p => p.Id == Application.Id && p.Names.Contains(name))) throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync().ConfigureAwait(false);
        if (_runtime is not null) await _runtime.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<Attachment?> TryDaemonAsync(string program, CancellationToken cancellationToken)
    {
        var daemon = new ControlClient();
        if (!File.Exists(daemon.Path)) return null;
        try
        {
            return new Attachment(null, daemon, await daemon.AttachAsync(program, cancellationToken).ConfigureAwait(false), null);
        }
        catch (FlowException e) when (e.Error == FlowError.IrmdUnreachable)
        {
            // A socket that a killed daemon left behind.
            return null;
        }
    }

    // Memory of this process only: nobody else could take part, and the files of a daemon must not be touched.
    private static RuntimeConfig NoLayers(string program) => new()
    {
        Name = program,
        GlobalPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
        UserPool = new PacketPoolOptions { Backing = PoolBacking.Anonymous },
    };
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ouroboros.Runtime.Hosting;

/// <summary>
/// Starts the runtime before any hosted service of the host starts, and stops it after all have stopped. Owns the runtime: a host that is
/// disposed without having been stopped, because something else failed while it started, leaves nothing behind either.
/// </summary>
internal sealed class HostedRuntime(
    HostedRuntimeSettings settings,
    OuroborosRuntimeAccessor accessor,
    IEnumerable<HostedService> hosted,
    IServiceScopeFactory scopes,
    IServiceProvider provider) : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private OuroborosRuntime? _runtime;
    private IDisposable? _logging;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.UseHostLogging) _logging = HostLogging.Attach(provider.GetRequiredService<ILoggerFactory>());
        try
        {
            var config = settings.Read(provider);
            var onDemand = new Dictionary<string, ServiceMain>(StringComparer.Ordinal);
            foreach (var service in hosted.Where(s => s.OnDemand))
            {
                if (!onDemand.TryAdd(service.Program, (application, stop) => service.RunAsync(scopes, application, stop)))
                {
                    throw new FlowException(FlowError.AlreadyExists, $"two services are called {service.Program}; give one another program name");
                }
            }
            _runtime = await OuroborosRuntime.StartAsync(config, settings.Time(provider), settings.Security(provider), onDemand, cancellationToken).ConfigureAwait(false);
            await BindAsync(_runtime, cancellationToken).ConfigureAwait(false);
            accessor.Started(_runtime);
        }
        catch (Exception e)
        {
            accessor.Failed(e);
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync().ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        accessor.Stopped();
        if (Interlocked.Exchange(ref _runtime, null) is { } runtime) await runtime.DisposeAsync().ConfigureAwait(false);
        Interlocked.Exchange(ref _logging, null)?.Dispose();
    }

    // A container that is disposed synchronously refuses what can only be disposed asynchronously.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task BindAsync(OuroborosRuntime runtime, CancellationToken cancellationToken)
    {
        foreach (var service in hosted.Where(s => s.OnDemand))
        {
            foreach (var name in service.Names)
            {
                await runtime.Irm.BindProgramAsync(new(service.Program), name, autoStart: true, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ouroboros.Runtime.Hosting;

/// <summary>
/// Runs a service that is started with the host. It is attached and bound before any hosted service starts, so that those which allocate
/// flows to it find it; it has ended before the runtime stops. A failure of it is the host's to judge (<c>HostOptions</c>).
/// </summary>
internal sealed class HostedServiceRunner(HostedService service, OuroborosRuntimeAccessor accessor, IServiceScopeFactory scopes)
    : BackgroundService, IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Application? _application;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var runtime = await accessor.WaitAsync(cancellationToken).ConfigureAwait(false);
        _application = await runtime.AttachAsync(service.Program, cancellationToken).ConfigureAwait(false);
        var bound = (await runtime.Irm.ListProcessesAsync(cancellationToken).ConfigureAwait(false)).Single(p => p.Id == _application.Id).Names;
        // A program that nobody has bound to anything serves the name that it is called by.
        IEnumerable<string> names = service.Names.Count > 0 ? service.Names : bound.Count > 0 ? [] : [service.Program];
        foreach (var name in names.Except(bound))
        {
            await runtime.Irm.BindProcessAsync(_application.Id, name, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        Dispose();
        // A host that failed while it started is disposed without having been stopped; let the service end first.
        if (ExecuteTask is { } running) await Task.WhenAny(running, Task.Delay(Patience)).ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await service.RunAsync(scopes, _application!, stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask LeaveAsync()
    {
        if (Interlocked.Exchange(ref _application, null) is { } application) await application.DisposeAsync().ConfigureAwait(false);
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Ouroboros.Runtime.Hosting;

/// <summary>A service as it was added to a host.</summary>
/// <param name="Program">Program name that its applications are attached under.</param>
/// <param name="Names">Names to bind it to.</param>
/// <param name="OnDemand">Started for a flow to a name that the program is bound to, not with the host.</param>
/// <param name="Create">Its instance in a scope.</param>
internal sealed record HostedService(string Program, IReadOnlyList<string> Names, bool OnDemand, Func<IServiceProvider, IOuroborosService> Create)
{
    /// <summary>Runs it once, in a scope of its own.</summary>
    public async Task RunAsync(IServiceScopeFactory scopes, Application application, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await Create(scope.ServiceProvider).RunAsync(application, cancellationToken).ConfigureAwait(false);
    }
}

namespace Ouroboros.Runtime.Hosting;

/// <summary>A service that is one method.</summary>
internal sealed class DelegateService(ServiceMain main) : IOuroborosService
{
    public Task RunAsync(Application application, CancellationToken cancellationToken) => main(application, cancellationToken);
}

using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Runtime.Hosting;

/// <summary>What a host's runtime is to be started with; filled in while the host is built, used when it starts.</summary>
internal sealed class HostedRuntimeSettings(Func<IServiceProvider, RuntimeConfig> read)
{
    /// <summary>Reads the configuration; what is wrong with it stops the host from starting, not from being built.</summary>
    public Func<IServiceProvider, RuntimeConfig> Read { get; set; } = read;

    public Func<IServiceProvider, TimeProvider?> Time { get; set; } = provider => (TimeProvider?)provider.GetService(typeof(TimeProvider));

    public Func<IServiceProvider, IFlowSecurity?> Security { get; set; } = provider => (IFlowSecurity?)provider.GetService(typeof(IFlowSecurity));

    public bool UseHostLogging { get; set; }
}

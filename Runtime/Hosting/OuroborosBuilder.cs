using Microsoft.Extensions.DependencyInjection;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Runtime.Hosting;

/// <summary>Adds to the runtime of a host, while the host is built: services, clock, security, changes to the configuration.</summary>
public sealed class OuroborosBuilder
{
    private readonly HostedRuntimeSettings _settings;

    internal OuroborosBuilder(IServiceCollection services, HostedRuntimeSettings settings)
    {
        Services = services;
        _settings = settings;
    }

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a service that runs with the host; see <see cref="OuroborosServices.AddOuroborosService{T}"/>.</summary>
    /// <typeparam name="T">The service.</typeparam>
    /// <param name="program">Its program name.</param>
    /// <param name="names">Names that it accepts flows for.</param>
    public OuroborosBuilder AddService<T>(string program, params string[] names)
        where T : class, IOuroborosService
    {
        Services.AddOuroborosService<T>(program, names);
        return this;
    }

    /// <summary>Adds a method as a service that runs with the host; see <see cref="OuroborosServices.AddOuroborosService{T}"/>.</summary>
    /// <param name="program">Its program name.</param>
    /// <param name="main">The method.</param>
    /// <param name="names">Names that it accepts flows for.</param>
    public OuroborosBuilder AddService(string program, ServiceMain main, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(main);
        OuroborosServices.Add(Services, new HostedService(program, names, false, _ => new DelegateService(main)));
        return this;
    }

    /// <summary>Adds a service that is started for a flow to a name which nobody accepts for; see <see cref="OuroborosServices.AddOuroborosServiceOnDemand{T}"/>.</summary>
    /// <typeparam name="T">The service.</typeparam>
    /// <param name="program">Its program name.</param>
    /// <param name="names">Names to bind it to.</param>
    public OuroborosBuilder AddServiceOnDemand<T>(string program, params string[] names)
        where T : class, IOuroborosService
    {
        Services.AddOuroborosServiceOnDemand<T>(program, names);
        return this;
    }

    /// <summary>Adds a method as a service that is started for a flow to a name which nobody accepts for.</summary>
    /// <param name="program">Its program name.</param>
    /// <param name="main">The method.</param>
    /// <param name="names">Names to bind it to.</param>
    public OuroborosBuilder AddServiceOnDemand(string program, ServiceMain main, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(main);
        OuroborosServices.Add(Services, new HostedService(program, names, true, _ => new DelegateService(main)));
        return this;
    }

    /// <summary>Changes the configuration after it has been read.</summary>
    /// <param name="change">Gives the configuration to use.</param>
    public OuroborosBuilder Configure(Func<RuntimeConfig, RuntimeConfig> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var read = _settings.Read;
        _settings.Read = provider => change(read(provider));
        return this;
    }

    /// <summary>The clock of the runtime; without it the <see cref="TimeProvider"/> that the host has, else the system's.</summary>
    /// <param name="time">The clock.</param>
    public OuroborosBuilder UseTimeProvider(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _settings.Time = _ => time;
        return this;
    }

    /// <summary>The handshake of flow allocation; without it the <see cref="IFlowSecurity"/> that the host has, else OAP with the security files of names.</summary>
    /// <param name="security">The handshake.</param>
    public OuroborosBuilder UseSecurity(IFlowSecurity security)
    {
        ArgumentNullException.ThrowIfNull(security);
        _settings.Security = _ => security;
        return this;
    }

    /// <summary>
    /// Sends what the runtime logs to the host's loggers, by replacing Serilog's static logger while the runtime runs. Not together with
    /// <c>AddSerilog()</c>, which goes the other way round: a host with that needs nothing more than an assigned <c>Log.Logger</c>.
    /// </summary>
    public OuroborosBuilder UseHostLogging()
    {
        _settings.UseHostLogging = true;
        return this;
    }
}

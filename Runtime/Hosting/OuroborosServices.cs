using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Ouroboros;
using Ouroboros.Hocon;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Hosting;

// Where users of a host expect its extension methods.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Puts a runtime and services that use it into a generic host. The runtime starts before and stops after everything else that the host
/// runs; a host whose configuration is wrong does not start, and the exception names file, line and path.
/// </summary>
public static class OuroborosServices
{
    /// <summary>The section of <c>IConfiguration</c> that a runtime is configured in.</summary>
    public const string DefaultSection = "Ouroboros";

    /// <summary>Adds a runtime that is configured by a HOCON file, read when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="hoconFile">Path of the file.</param>
    /// <exception cref="InvalidOperationException">There is a runtime already.</exception>
    public static OuroborosBuilder AddOuroboros(this IServiceCollection services, string hoconFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(hoconFile);
        return Add(services, _ => HoconConfig.LoadFile(hoconFile));
    }

    /// <summary>Adds a runtime that is configured by a section of the host's configuration, read when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="section">Path of the section, which must be there.</param>
    /// <exception cref="InvalidOperationException">There is a runtime already.</exception>
    public static OuroborosBuilder AddOuroboros(this IServiceCollection services, IConfiguration configuration, string section = DefaultSection)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(section);
        return Add(services, _ => HoconConfig.FromConfiguration(Existing(configuration.GetSection(section))));
    }

    /// <summary>Adds a runtime with a configuration made in code.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="config">The configuration.</param>
    /// <exception cref="InvalidOperationException">There is a runtime already.</exception>
    public static OuroborosBuilder AddOuroboros(this IServiceCollection services, RuntimeConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Add(services, _ => config);
    }

    /// <summary>
    /// Adds a service that runs with the host, in a DI scope of its own. If it fails, the host stops, unless its
    /// <c>HostOptions.BackgroundServiceExceptionBehavior</c> says otherwise.
    /// </summary>
    /// <typeparam name="T">The service; its constructor's parameters come from the scope.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="program">Program name that it is attached under; names whose stanza lists the program are bound to it.</param>
    /// <param name="names">Names that it accepts flows for, made if need be. Without any, and bound by no stanza, it is <paramref name="program"/>.</param>
    public static IServiceCollection AddOuroborosService<T>(this IServiceCollection services, string program, params string[] names)
        where T : class, IOuroborosService
    {
        services.TryAddScoped<T>();
        return Add(services, new HostedService(program, names, false, scope => scope.GetRequiredService<T>()));
    }

    /// <summary>
    /// Adds a service that is started, in a DI scope of its own, when somebody asks for a name that its program is bound to with
    /// <c>auto = true</c> and nobody accepts. It may run several times at once. If it fails, that is logged.
    /// </summary>
    /// <typeparam name="T">The service; its constructor's parameters come from the scope.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="program">Program name, as it stands under <c>prog</c> of a name.</param>
    /// <param name="names">Names to bind it to besides.</param>
    public static IServiceCollection AddOuroborosServiceOnDemand<T>(this IServiceCollection services, string program, params string[] names)
        where T : class, IOuroborosService
    {
        services.TryAddScoped<T>();
        return Add(services, new HostedService(program, names, true, scope => scope.GetRequiredService<T>()));
    }

    internal static IServiceCollection Add(IServiceCollection services, HostedService service)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(service.Program);
        if (service.OnDemand) return services.AddSingleton(service);
        // Not AddHostedService: it takes a type once.
        return services.AddSingleton<IHostedService>(provider => new HostedServiceRunner(
            service, provider.GetRequiredService<OuroborosRuntimeAccessor>(), provider.GetRequiredService<IServiceScopeFactory>()));
    }

    private static OuroborosBuilder Add(IServiceCollection services, Func<IServiceProvider, RuntimeConfig> read)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(s => s.ServiceType == typeof(HostedRuntimeSettings)))
        {
            throw new InvalidOperationException("AddOuroboros has been called already; a host has one runtime.");
        }
        var settings = new HostedRuntimeSettings(read);
        services.AddSingleton(settings);
        services.AddSingleton(new OuroborosRuntimeAccessor());
        // In front of services that were added before: whatever is sequential in the host then finds the runtime started.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, HostedRuntime>());
        return new OuroborosBuilder(services, settings);
    }

    private static IConfigurationSection Existing(IConfigurationSection section) => section.Exists()
        ? section
        : throw new HoconException(new HoconOrigin("configuration"), section.Path, "the section is missing; add it, or give AddOuroboros another");
}

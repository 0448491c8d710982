using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ouroboros.Hocon;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Hosting;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime.Hosting;

/// <summary>How a runtime starts and stops with its host, and what is left when something goes wrong.</summary>
public sealed class HostLifetimeTests : HostingTest
{
    [Test]
    public async Task The_runtime_is_there_while_the_host_runs_and_nothing_is_left_of_it_afterwards()
    {
        using var host = Build(services => services.AddOuroboros(WriteConfig(Own + "ouroboros.local.lo { bootstrap = L }")));
        var accessor = host.Services.GetRequiredService<OuroborosRuntimeAccessor>();
        Assert.That(() => accessor.Runtime, Throws.InstanceOf<FlowException>().With.Property("Error").EqualTo(FlowError.IrmdUnreachable));
        Assert.That(Directory.GetFiles(PoolFolder), Is.Empty);

        await host.StartAsync();
        var runtime = accessor.Runtime;
        Assert.That(await accessor.WaitAsync(), Is.SameAs(runtime));
        Assert.That((await runtime.Irm.ListIpcpsAsync()).Select(i => i.Name), Is.EqualTo(new[] { "lo" }));
        Assert.That(Directory.GetFiles(PoolFolder).Select(Path.GetFileName), Is.EqualTo(new[] { "t.gspp" }));

        await host.StopAsync();
        Assert.That(runtime.System.WhenTerminated.IsCompleted, Is.True);
        Assert.That(Directory.GetFileSystemEntries(PoolFolder), Is.Empty);
        Assert.That(() => accessor.Runtime, Throws.InstanceOf<FlowException>().With.Message.Contains("has stopped"));
    }

    [Test]
    public async Task Every_hosted_service_finds_the_runtime_started_and_still_running_when_it_stops()
    {
        var probe = new Probe();
        using var host = Build(services =>
        {
            services.AddSingleton<IHostedService>(provider => probe.With(provider.GetRequiredService<OuroborosRuntimeAccessor>()));
            services.AddOuroboros(WriteConfig(Own));
        });
        await host.StartAsync();
        await host.StopAsync();
        Assert.That(probe.Seen, Is.EqualTo(new[] { "start: ouroboros", "stop: ouroboros" }));
    }

    [Test]
    public async Task A_host_that_starts_its_services_concurrently_works_too()
    {
        using var host = Build(services =>
        {
            services.Configure<HostOptions>(o => o.ServicesStartConcurrently = o.ServicesStopConcurrently = true);
            services.AddOuroborosService<Idle>("idle");
            services.AddOuroboros(WriteConfig(Own));
        });
        await host.StartAsync();
        Assert.That((await RuntimeOf(host).Irm.ListProcessesAsync()).Select(p => p.Program), Does.Contain("idle"));
        await host.StopAsync();
    }

    [TestCase("ouroboros.irmd.query-timeout = soon", "node.conf:1:32: ouroboros.irmd.query-timeout: 'soon' is not a duration")]
    [TestCase("ouroboros {\n local.lo { bootstrap = L, hsah = SHA3_256 } }", "node.conf:2:28: ouroboros.local.lo.hsah: 'hsah' is not a known key")]
    [TestCase("ouroboros { local.lo {}, unicast.lo {} }", "an IPCP is called lo already")]
    [TestCase("ouroboros {", "node.conf:1:12: ")]
    public void A_wrong_file_keeps_the_host_from_starting_and_the_exception_names_its_place(string hocon, string message)
    {
        var before = new Probe();
        using var host = Build(services =>
        {
            services.AddSingleton<IHostedService>(before);
            services.AddOuroboros(WriteConfig(hocon));
        });
        var accessor = host.Services.GetRequiredService<OuroborosRuntimeAccessor>();
        Assert.That(async () => await host.RunAsync(), Throws.InstanceOf<HoconException>().With.Message.Contains(message));
        Assert.That(before.Seen, Is.Empty, "something was started");
        Assert.That(async () => await accessor.WaitAsync(), Throws.InstanceOf<HoconException>());
    }

    [Test]
    public void A_missing_file_keeps_the_host_from_starting()
    {
        using var host = Build(services => services.AddOuroboros("/no/such/node.conf"));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<HoconException>().With.Message.StartsWith("/no/such/node.conf: the file does not exist"));
    }

    [Test]
    public void A_wrong_key_of_IConfiguration_keeps_the_host_from_starting()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Net:irmd:max-flows"] = "0" }).Build();
        using var host = Build(services => services.AddOuroboros(configuration, "Net"));
        Assert.That(
            async () => await host.StartAsync(),
            Throws.InstanceOf<HoconException>().With.Message.StartsWith("configuration section 'Net': ouroboros.irmd.max-flows: 0 is out of range"));
    }

    [Test]
    public void A_missing_section_keeps_the_host_from_starting()
    {
        using var host = Build(services => services.AddOuroboros(new ConfigurationBuilder().Build()));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<HoconException>().With.Message.EqualTo(
            "configuration: Ouroboros: the section is missing; add it, or give AddOuroboros another"));
    }

    [Test]
    public void A_stanza_that_cannot_be_applied_keeps_the_host_from_starting_and_nothing_is_left()
    {
        using var host = Build(services => services.AddOuroboros(WriteConfig(Own + "ouroboros.name.n.prog = [{ path = /no/such/program, auto = true }]")));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<FlowException>()
            .With.Message.StartsWith("ouroboros.name.n: ").And.Message.Contains("/no/such/program does not exist"));
        Assert.That(Directory.GetFileSystemEntries(PoolFolder), Is.Empty);
    }

    [Test]
    public async Task A_host_that_fails_after_the_runtime_has_started_leaves_nothing_when_it_is_disposed()
    {
        var host = Build(services =>
        {
            services.AddOuroboros(WriteConfig(Own)).AddService<Idle>("idle");
            services.AddHostedService<Failing>();
        });
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<InvalidOperationException>().With.Message.EqualTo("fails to start"));
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.That(Directory.GetFileSystemEntries(PoolFolder), Is.Empty);
    }

    [Test]
    public void Two_services_on_demand_of_one_program_name_keep_the_host_from_starting()
    {
        using var host = Build(services => services.AddOuroboros(WriteConfig(Own)).AddServiceOnDemand("a", Echo).AddServiceOnDemand("a", Echo));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<FlowException>().With.Message.StartsWith("two services are called a"));
    }

    [Test]
    public void A_host_has_one_runtime()
    {
        var services = new ServiceCollection();
        services.AddOuroboros(new RuntimeConfig());
        Assert.That(() => services.AddOuroboros(new RuntimeConfig()), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Clock_and_security_are_those_of_the_builder_and_the_configuration_can_be_changed()
    {
        var time = new ManualTimeProvider();
        var security = new CountingSecurity();
        using var host = Build(services => services.AddOuroboros(WriteConfig(Own))
            .UseTimeProvider(time)
            .UseSecurity(security)
            .Configure(c => c with { Name = "changed" })
            .Configure(c => c with { Name = c.Name + "-twice" })
            .AddService("echo", Echo));
        await host.StartAsync();
        var runtime = RuntimeOf(host);
        Assert.That(runtime.Time, Is.SameAs(time));
        Assert.That(runtime.Config.Name, Is.EqualTo("changed-twice"));
        await using (var client = await runtime.AttachAsync("client")) await Ask(client, "echo", [1]);
        Assert.That(security.Begun, Is.EqualTo(1));
        await host.StopAsync();
    }

    [Test]
    public async Task Clock_and_security_are_otherwise_those_of_the_host()
    {
        var time = new ManualTimeProvider();
        var security = new CountingSecurity();
        using var host = Build(services =>
        {
            services.AddSingleton<TimeProvider>(time).AddSingleton<IFlowSecurity>(security);
            services.AddOuroboros(WriteConfig(Own)).AddService("echo", Echo);
        });
        await host.StartAsync();
        Assert.That(RuntimeOf(host).Time, Is.SameAs(time));
        await using (var client = await RuntimeOf(host).AttachAsync("client")) await Ask(client, "echo", [1]);
        Assert.That(security.Begun, Is.EqualTo(1));
        await host.StopAsync();
    }

    private sealed class Probe : IHostedService
    {
        private OuroborosRuntimeAccessor? _accessor;

        public List<string> Seen { get; } = [];

        public Probe With(OuroborosRuntimeAccessor accessor)
        {
            _accessor = accessor;
            return this;
        }

        public Task StartAsync(CancellationToken cancellationToken) => See("start");

        public Task StopAsync(CancellationToken cancellationToken) => See("stop");

        private Task See(string what)
        {
            Seen.Add($"{what}: {_accessor?.Runtime.Config.Name}");
            return Task.CompletedTask;
        }
    }

    private sealed class Idle : IOuroborosService
    {
        public Task RunAsync(Application application, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("fails to start");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class CountingSecurity : IFlowSecurity
    {
        private readonly NoHandshake _none = new();

        public int Begun;

        public bool IsPlain(NameInfo name, FlowSide side) => false;

        public IClientHandshake Begin(NameInfo name)
        {
            Interlocked.Increment(ref Begun);
            return _none;
        }

        public IClientHandshake? TryBeginLight(NameInfo name) => null;

        public FlowProtection? TryServeLight(NameInfo name, ReadOnlyMemory<byte> request) => null;

        public FlowProtection Serve(NameInfo name, ReadOnlyMemory<byte> request) => FlowProtection.None;
    }
}

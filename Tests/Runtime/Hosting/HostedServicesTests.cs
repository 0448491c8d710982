using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Hosting;

namespace Ouroboros.Tests.Runtime.Hosting;

/// <summary>Services of a host that talk over flows.</summary>
public sealed class HostedServicesTests : HostingTest
{
    [Test]
    public async Task Two_services_of_one_host_talk_over_a_flow_whatever_order_they_were_added_in()
    {
        var answer = new TaskCompletionSource<byte[]>();
        using var host = Build(services =>
        {
            // The client, and even the server, stand before the runtime that they need.
            services.AddOuroborosService<Client>("client").AddSingleton(answer);
            services.AddOuroborosService<EchoService>("server", "echo");
            services.AddOuroboros(WriteConfig(Own));
        });
        await host.StartAsync();
        Assert.That(await answer.Task.WaitAsync(Soon), Is.EqualTo(new byte[] { 1, 2, 3 }));
        await host.StopAsync();
    }

    [Test]
    public async Task Methods_serve_as_services_and_the_name_of_the_program_is_the_name_served_when_there_is_no_other()
    {
        var answer = new TaskCompletionSource<byte[]>();
        using var host = Build(services => services.AddOuroboros(WriteConfig(Own))
            .AddService("echo", Echo)
            .AddService("client", async (application, stop) => answer.TrySetResult(await Ask(application, "echo", [7], stop))));
        await host.StartAsync();
        Assert.That(await answer.Task.WaitAsync(Soon), Is.EqualTo(new byte[] { 7 }));
        await host.StopAsync();
    }

    [Test]
    public async Task A_service_serves_the_names_whose_stanzas_list_its_program()
    {
        using var host = Build(services => services.AddOuroboros(WriteConfig(Own + "ouroboros.name { a.prog = [server], b.prog = [server], c {} }"))
            .AddService("server", Echo));
        await host.StartAsync();
        var server = (await RuntimeOf(host).Irm.ListProcessesAsync()).Single(p => p.Program == "server");
        Assert.That(server.Names, Is.EquivalentTo(new[] { "a", "b" }));
        await using (var client = await RuntimeOf(host).AttachAsync("client"))
        {
            Assert.That(await Ask(client, "b", [5]), Is.EqualTo(new byte[] { 5 }));
        }
        await host.StopAsync();
    }

    [Test]
    public async Task Services_of_a_host_configured_by_IConfiguration_talk_through_its_local_layer()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ouroboros:pool:directory"] = PoolFolder,
            ["Ouroboros:local:lo:bootstrap"] = "L",
            ["Ouroboros:local:lo:reg:0"] = "echo",
            ["Ouroboros:irmd:direct-ipc"] = "false",
            ["Ouroboros:irmd:query-timeout"] = "1 m",
            ["Ouroboros:irmd:request-arrival-timeout"] = "1 m",
        }).Build();
        using var host = Build(services => services.AddOuroboros(configuration).AddService("echo", Echo));
        await host.StartAsync();
        await using (var client = await RuntimeOf(host).AttachAsync("client"))
        {
            var flow = await client.AllocateAsync("echo").AsTask().WaitAsync(Soon);
            Assert.That((await RuntimeOf(host).Irm.ListFlowsAsync()).Select(f => f.Direct), Is.Not.Empty.And.All.False);
            flow.Dispose();
        }
        await host.StopAsync();
    }

    [Test]
    public async Task Each_service_has_a_DI_scope_of_its_own_that_ends_with_it()
    {
        var log = new ScopeLog();
        using var host = Build(services =>
        {
            services.AddSingleton(log).AddScoped<ScopedPart>();
            services.AddOuroboros(WriteConfig(Own)).AddService<ScopedService>("one").AddService<ScopedService>("two");
        });
        await host.StartAsync();
        var parts = await log.WaitFor(2).WaitAsync(Soon);
        Assert.That(parts.Distinct().Count(), Is.EqualTo(2));
        Assert.That(parts.Any(p => p.Disposed), Is.False);
        await host.StopAsync();
        Assert.That(parts.All(p => p.Disposed), Is.True);
    }

    [Test]
    public async Task A_service_on_demand_starts_with_the_first_request_and_has_a_scope_of_its_own()
    {
        var log = new ScopeLog();
        using var host = Build(services =>
        {
            services.AddSingleton(log).AddScoped<ScopedPart>();
            services.AddOuroboros(WriteConfig($"include \"{Example("on-demand.conf")}\"\n{Own}"))
                .AddServiceOnDemand<ScopedService>("clock")
                .AddServiceOnDemand("other", Echo, "other-name");
        });
        await host.StartAsync();
        Assert.That(log.Count, Is.Zero);
        await using (var client = await RuntimeOf(host).AttachAsync("client"))
        {
            Assert.That(await Ask(client, "time", [1]), Is.EqualTo(new byte[] { 1 }));
            Assert.That(await Ask(client, "other-name", [2]), Is.EqualTo(new byte[] { 2 }));
        }
        var part = (await log.WaitFor(1).WaitAsync(Soon)).Single();
        Assert.That(part.Disposed, Is.False);
        await host.StopAsync();
        Assert.That(part.Disposed, Is.True);
    }

    [Test]
    public async Task A_service_that_fails_stops_the_host()
    {
        using var host = Build(services => services.AddOuroboros(WriteConfig(Own)).AddService("bad", (_, _) => throw new InvalidOperationException("no")));
        var stopped = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await host.StartAsync();
        var waiting = new TaskCompletionSource();
        await using var registration = stopped.Register(() => waiting.TrySetResult());
        await waiting.Task.WaitAsync(Soon);
        await host.StopAsync();
    }

    [Test]
    public async Task Applications_of_two_users_talk_as_the_example_says()
    {
        using var host = Build(services => services.AddOuroboros(WriteConfig($"include \"{Example("two-users.conf")}\"\n{Own}")));
        await host.StartAsync();
        var runtime = RuntimeOf(host);
        await using (var server = await runtime.AttachAsync(new Credentials(1001, 1001, "server")))
        await using (var client = await runtime.AttachAsync(new Credentials(1002, 1002, "client")))
        {
            await runtime.Irm.BindProcessAsync(server.Id, "echo");
            using var stop = new CancellationTokenSource();
            var serving = Echo(server, stop.Token);
            Assert.That(await Ask(client, "echo", [4, 2]), Is.EqualTo(new byte[] { 4, 2 }));
            await stop.CancelAsync();
            Assert.That(async () => await serving, Throws.InstanceOf<OperationCanceledException>());
        }
        await host.StopAsync();
    }

    private static string Example(string file) => Path.Combine(Repository.Root, "hocon", file);

    private sealed class EchoService : IOuroborosService
    {
        public Task RunAsync(Application application, CancellationToken cancellationToken) => Echo(application, cancellationToken);
    }

    private sealed class Client(TaskCompletionSource<byte[]> answer) : IOuroborosService
    {
        public async Task RunAsync(Application application, CancellationToken cancellationToken) =>
            answer.TrySetResult(await Ask(application, "echo", [1, 2, 3], cancellationToken));
    }

    private sealed class ScopedService(ScopedPart part, ScopeLog log) : IOuroborosService
    {
        public Task RunAsync(Application application, CancellationToken cancellationToken)
        {
            log.Add(part);
            return Echo(application, cancellationToken);
        }
    }

    private sealed class ScopedPart : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    private sealed class ScopeLog
    {
        private readonly ConcurrentQueue<ScopedPart> _parts = new();
        private readonly SemaphoreSlim _added = new(0);

        public int Count => _parts.Count;

        public void Add(ScopedPart part)
        {
            _parts.Enqueue(part);
            _added.Release();
        }

        public async Task<IReadOnlyCollection<ScopedPart>> WaitFor(int count)
        {
            for (var i = 0; i < count; i++) await _added.WaitAsync();
            return _parts;
        }
    }
}

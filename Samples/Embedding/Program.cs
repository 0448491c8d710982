using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ouroboros;
using Ouroboros.Layers.Flow;
using Ouroboros.Runtime.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOuroboros("ouroboros.conf")            // wrong configuration: start fails with file, line, path and reason
    .AddService("echo-server", EchoAsync, "echo");         // accepts flows for the name "echo" as long as the host runs
using var host = builder.Build();
await host.StartAsync();

var runtime = host.Services.GetRequiredService<OuroborosRuntimeAccessor>().Runtime;
await using (var app = await runtime.AttachAsync("my-client"))
await using (var flow = await app.AllocateAsync("echo", QosSpec.Data))   // a flow to a name, whatever layer it is in
{
    await flow.WriteAsync("hello"u8.ToArray());
    var buffer = new byte[1500];
    var length = await flow.ReadAsync(buffer);
    Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, length));
}
await host.StopAsync();

static async Task EchoAsync(Application app, CancellationToken stop)
{
    while (true)
    {
        await using var flow = await app.AcceptAsync(cancellationToken: stop);
        try
        {
            while (true) await flow.WriteAsync(await flow.ReadPacketAsync(stop), stop);   // no copy: a packet is yours until you dispose or write it
        }
        catch (FlowException e) when (e.Error is FlowError.FlowDown or FlowError.NotAllocated)
        {
            // The peer has released the flow; wait for the next one.
        }
    }
}

using Ouroboros;
using Ouroboros.Hocon;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Samples;
using Ouroboros.Samples.Demo;
using Ouroboros.Samples.Oping;

if (args is not ([] or [not ['-', ..]]))
{
    Console.Error.WriteLine("Usage: demo [HOCON file, default hocon/demo.conf]");
    return 1;
}
return await ToolConsole.RunAsync(async (console, stop) =>
{
    try
    {
        var config = HoconConfig.LoadFile(args is [var file] ? file : DemoProgram.DefaultConfiguration);
        var options = new OpingOptions { Count = 5, Interval = TimeSpan.FromMilliseconds(200) };
        return await DemoProgram.RunAsync(config, options, console.Output, stop).ConfigureAwait(false);
    }
    catch (Exception e) when (e is HoconException or FlowException)
    {
        console.Error.WriteLine($"demo: {e.Message}");
        return 1;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        return 1;
    }
});

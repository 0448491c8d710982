using Ouroboros;
using Ouroboros.Hocon;
using Ouroboros.Samples;
using Ouroboros.Samples.Demo;
using Ouroboros.Samples.Oping;

if (args is not ([] or [not ['-', ..]]))
{
    var help = ArgumentReader.AsksForHelp(args);
    (help ? Console.Out : Console.Error).WriteLine("Usage: demo [HOCON file, default hocon/demo.conf]");
    return help ? 0 : 1;
}
return await ToolConsole.RunAsync(async (console, stop) =>
{
    try
    {
        using var config = DemoConfig.Load(args is [var file] ? file : DemoConfig.DefaultFile);
        var options = new OpingOptions { Count = 5, Interval = TimeSpan.FromMilliseconds(200) };
        return await DemoProgram.RunAsync(config.Nodes, options, console.Output, stop).ConfigureAwait(false);
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

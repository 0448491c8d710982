using Ouroboros.Samples;
using Ouroboros.Samples.Obc;

return await ToolConsole.RunAsync((console, stop) => ObcProgram.RunAsync(args, console, stop));

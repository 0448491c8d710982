using Ouroboros.Samples;
using Ouroboros.Samples.Oecho;

return await ToolConsole.RunAsync((console, stop) => OechoProgram.RunAsync(args, console, stop));

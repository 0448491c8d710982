using Ouroboros.Samples;
using Ouroboros.Samples.Oping;

return await ToolConsole.RunAsync((console, stop) => OpingProgram.RunAsync(args, console, stop));

using Ouroboros.Samples.Irmd;

return await Daemon.MainAsync(args, Console.Out, Console.Error);

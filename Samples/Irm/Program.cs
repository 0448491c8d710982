using Ouroboros.Samples.Irm;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};
return await IrmTool.MainAsync(args, Console.Out, Console.Error, interrupt.Token);

using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Hosting;
using Serilog;

namespace Ouroboros.Tests.Runtime.Hosting;

[NonParallelizable]
public sealed class LoggingTests : HostingTest
{
    [Test]
    public void The_log_file_has_what_the_levels_of_the_configuration_let_through()
    {
        var file = Path.Combine(Folder, "logs", "node.log");
        var settings = HoconConfig.ParseString($$"""ouroboros.log { level = warning, console = false, file = "{{file}}", sources { "Ouroboros.Layers" = debug } }""").Log;
        using (var logger = SerilogSetup.CreateLogger(settings))
        {
            logger.ForContext("SourceContext", "Ouroboros.Runtime.Irmd").Information("too low");
            logger.ForContext("SourceContext", "Ouroboros.Runtime.Irmd").Warning("warned {Name}", "x");
            logger.ForContext("SourceContext", "Ouroboros.Layers.Local").Debug("detail");
            logger.ForContext("SourceContext", "Ouroboros.Layers.Local").Verbose("too low");
        }
        Assert.That(File.ReadAllLines(file).Select(line => line[24..]), Is.EqualTo(new[]
        {
            "WRN Ouroboros.Runtime.Irmd: warned x",
            "DBG Ouroboros.Layers.Local: detail",
        }));
    }

    [Test]
    public void A_log_file_that_cannot_be_written_is_an_error_that_names_its_key()
    {
        var settings = new LogSettings { Console = false, File = "/proc/no/such.log" };
        Assert.That(() => SerilogSetup.CreateLogger(settings), Throws.InstanceOf<FlowException>().With.Message.StartsWith("ouroboros.log.file: /proc/no/such.log cannot be written"));
    }

    [Test]
    public void The_console_is_the_standard_error_stream_or_nothing()
    {
        var (output, error) = (Console.Out, Console.Error);
        using var toOutput = new StringWriter();
        using var toError = new StringWriter();
        try
        {
            Console.SetOut(toOutput);
            Console.SetError(toError);
            using (var logger = SerilogSetup.CreateLogger(new LogSettings())) logger.Information("heard");
            using (var logger = SerilogSetup.CreateLogger(new LogSettings { Console = false })) logger.Information("unheard");
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
        Assert.That(toOutput.ToString(), Is.Empty);
        Assert.That(toError.ToString(), Does.EndWith("heard" + Environment.NewLine).And.Not.Contain("unheard"));
    }

    [Test]
    public async Task A_host_that_asks_for_it_gets_the_logs_of_the_runtime_and_gives_the_static_logger_back()
    {
        var former = Log.Logger;
        var provider = new Collector();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFilter("Ouroboros.Quiet", LogLevel.Error).AddProvider(provider);
        builder.Services.AddOuroboros(WriteConfig(Own + "ouroboros { fail = continue, name.n.prog = [{ path = /no/such, auto = true }] }")).UseHostLogging();
        using var host = builder.Build();
        await host.StartAsync();
        Log.ForContext("SourceContext", "Ouroboros.Test").Error(new InvalidOperationException("why"), "it is {State}", "bad");
        Log.ForContext("SourceContext", "Ouroboros.Quiet").Warning("unheard");
        await host.StopAsync();

        var lines = provider.Lines.ToList();
        Assert.That(lines, Does.Contain("Error Ouroboros.Test it is \"bad\" why State=bad"));
        Assert.That(lines, Has.Some.StartsWith("Error Ouroboros.Runtime.Configuration.ConfigApplier \"ouroboros.name.n\": "));
        Assert.That(lines, Has.None.Contains("unheard"));
        Assert.That(Log.Logger, Is.SameAs(former));
    }

    private sealed class Collector : ILoggerProvider, Microsoft.Extensions.Logging.ILogger
    {
        private string _category = "";

        public ConcurrentQueue<string> Lines { get; private init; } = new();

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => new Collector { _category = categoryName, Lines = Lines };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var named = state is IEnumerable<KeyValuePair<string, object?>> pairs ? pairs.FirstOrDefault(p => p.Key == "State").Value : null;
            Lines.Enqueue($"{logLevel} {_category} {formatter(state, exception)}{(exception is null ? "" : " " + exception.Message)}{(named is null ? "" : $" State={named}")}");
        }

        public void Dispose()
        {
        }
    }
}

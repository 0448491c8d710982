using System.Collections.Concurrent;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;

namespace Ouroboros.Tests.Engine;

public sealed class LoggingTests : ActorTest
{
    protected override string Hocon => $$"""
        akka { loglevel = INFO, loggers = ["{{typeof(Capture).AssemblyQualifiedName}}"] }
        """;

    [Test]
    public async Task An_actor_logs_in_the_name_of_its_path()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(LogEvent));
        var actor = NewProbe("talkative");
        await actor.Run(c => c.GetLogger().Info("hello {0} and {1}", "you", 2));
        var info = await probe.Fish<Info>(i => i.LogSource.Contains("talkative", StringComparison.Ordinal));
        Assert.That(info.Message.ToString(), Is.EqualTo("hello you and 2"));
        Assert.That(info.LogSource, Is.EqualTo(actor.Ref.Path.ToString()));
        Assert.That(info.LogClass, Is.EqualTo(typeof(Scripted)));
        Assert.That(info.LogLevel(), Is.EqualTo(LogLevel.InfoLevel));
        Assert.That(info.Timestamp, Is.EqualTo(DateTime.UtcNow).Within(Patience));
    }

    [Test]
    public async Task Each_level_has_its_event_and_may_carry_an_exception()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(LogEvent));
        var log = Logging.GetLogger(System, "source");
        var cause = new InvalidOperationException("why");
        log.Info(cause, "info");
        await probe.Fish<Info>(e => e.Cause == cause && e.Message.ToString() == "info");
        log.Warning("warning {0}", 1);
        await probe.Fish<Warning>(e => e.Message.ToString() == "warning 1");
        log.Error(cause, "error {0} {1} {2}", 1, 2, 3);
        var error = await probe.Fish<Error>(e => e.Cause == cause && e.Message.ToString() == "error 1 2 3");
        Assert.That(error.LogSource, Does.StartWith("source"));
        Assert.That(error.ToString(), Does.Contain("[ERROR]").And.Contain("error 1 2 3").And.Contain("why"));
    }

    [Test]
    public async Task Below_the_level_nothing_is_published()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(LogEvent));
        var log = Logging.GetLogger(System, "source");
        Assert.That((log.IsDebugEnabled, log.IsInfoEnabled, log.IsWarningEnabled, log.IsErrorEnabled),
            Is.EqualTo((false, true, true, true)));
        Assert.That(log.IsEnabled(LogLevel.InfoLevel), Is.True);
        log.Debug("not wanted");
        log.Info("wanted");
        await probe.Fish<Info>(i => i.Message.ToString() == "wanted");
        await probe.ExpectNothingBefore("fence");
    }

    [Test]
    public async Task Loggers_get_what_is_at_or_above_the_level_and_stop_with_the_system()
    {
        var log = Logging.GetLogger(System, $"to {System.Name}");
        var seen = Capture.Of(System.Name);
        log.Info("one");
        log.Debug("two");
        log.Error("three");
        Assert.That(await seen.Reader.ReadAsync().AsTask().WaitAsync(Patience), Is.EqualTo("INFO one"));
        Assert.That(await seen.Reader.ReadAsync().AsTask().WaitAsync(Patience), Is.EqualTo("ERROR three"));
    }

    [Test]
    public void Levels_are_read_by_name()
    {
        Assert.That(Logging.LogLevelFor("debug"), Is.EqualTo(LogLevel.DebugLevel));
        Assert.That(Logging.LogLevelFor("WARNING"), Is.EqualTo(LogLevel.WarningLevel));
        Assert.Throws<ArgumentException>(() => Logging.LogLevelFor("loud"));
        Assert.That(LogLevel.ErrorLevel.ClassFor(), Is.EqualTo(typeof(Error)));
        Assert.That(LogLevel.ErrorLevel.StringFor(), Is.EqualTo("ERROR"));
    }

    [Test]
    public void The_null_logger_takes_everything_and_does_nothing()
    {
        NoLogger.Instance.Error("x");
        Assert.That(NoLogger.Instance.IsErrorEnabled, Is.False);
    }

    public sealed class Capture : ReceiveActor
    {
        private static readonly ConcurrentDictionary<string, Channel<string>> Seen = new();

        public Capture()
        {
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(e =>
            {
                if (e.LogSource.StartsWith("to ", StringComparison.Ordinal))
                    Of(Context.System.Name).Writer.TryWrite($"{e.LogLevel().StringFor()} {e.Message}");
            });
        }

        public static Channel<string> Of(string system) =>
            Seen.GetOrAdd(system, _ => Channel.CreateUnbounded<string>());
    }
}

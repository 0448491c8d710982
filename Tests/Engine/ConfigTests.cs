using Akka.Configuration;

namespace Ouroboros.Tests.Engine;

/// <summary>What Akka.Configuration makes of HOCON; the syntax itself is tested with the parser.</summary>
public sealed class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        a {
          text = hello
          quoted = "a b # c"
          number = 42
          big = 4000000000
          real = 1.5
          yes = on
          no = false
          time = 5s
          millis = 250
          forever = infinite
          size = 2KiB
          list = [x, y, "z z"]
          numbers = [1, 2, 3]
          nothing = null
          inner { x = 1, y = 2 }
        }
        b = ${a.number}
        """);

    [Test]
    public void Settings_are_read_by_path_and_type()
    {
        Assert.That(Sample.GetString("a.text"), Is.EqualTo("hello"));
        Assert.That(Sample.GetString("a.quoted"), Is.EqualTo("a b # c"));
        Assert.That(Sample.GetInt("a.number"), Is.EqualTo(42));
        Assert.That(Sample.GetInt("b"), Is.EqualTo(42));
        Assert.That(Sample.GetLong("a.big"), Is.EqualTo(4000000000));
        Assert.That(Sample.GetDouble("a.real"), Is.EqualTo(1.5));
        Assert.That(Sample.GetFloat("a.real"), Is.EqualTo(1.5f));
        Assert.That(Sample.GetDecimal("a.real"), Is.EqualTo(1.5m));
        Assert.That(Sample.GetBoolean("a.yes"), Is.True);
        Assert.That(Sample.GetBoolean("a.no", true), Is.False);
        Assert.That(Sample.GetStringList("a.list"), Is.EqualTo(new[] { "x", "y", "z z" }));
        Assert.That(Sample.GetIntList("a.numbers"), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(Sample.GetString("a.number"), Is.EqualTo("42"));
    }

    [Test]
    public void Durations_and_sizes_have_units()
    {
        Assert.That(Sample.GetTimeSpan("a.time"), Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(Sample.GetTimeSpan("a.millis"), Is.EqualTo(TimeSpan.FromMilliseconds(250)));
        Assert.That(Sample.GetTimeSpan("a.forever"), Is.EqualTo(Timeout.InfiniteTimeSpan));
        Assert.Catch(() => Sample.GetTimeSpan("a.forever", null, allowInfinite: false));
        Assert.That(Sample.GetByteSize("a.size"), Is.EqualTo(2048));
    }

    [Test]
    public void A_missing_setting_is_the_default_of_the_caller()
    {
        Assert.That(Sample.GetString("x"), Is.Null);
        Assert.That(Sample.GetString("x", "d"), Is.EqualTo("d"));
        Assert.That(Sample.GetInt("x"), Is.Zero);
        Assert.That(Sample.GetInt("x", 3), Is.EqualTo(3));
        Assert.That(Sample.GetLong("a.x", 3), Is.EqualTo(3));
        Assert.That(Sample.GetBoolean("x"), Is.False);
        Assert.That(Sample.GetBoolean("x", true), Is.True);
        Assert.That(Sample.GetDouble("x", 0.5), Is.EqualTo(0.5));
        Assert.That(Sample.GetTimeSpan("x"), Is.EqualTo(TimeSpan.Zero));
        Assert.That(Sample.GetTimeSpan("x", TimeSpan.FromSeconds(1)), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(Sample.GetByteSize("x", 7), Is.EqualTo(7));
        Assert.That(Sample.GetByteSize("x", null), Is.Null);
        Assert.That(Sample.GetStringList("x"), Is.Empty);
        Assert.That(Sample.GetStringList("x", ["d"]), Is.EqualTo(new[] { "d" }));
        Assert.That(Sample.GetConfig("x"), Is.Null);
        Assert.That(Sample.GetString("a.text.below"), Is.Null);
    }

    [Test]
    public void A_setting_that_is_null_has_no_text_and_one_that_is_an_object_neither()
    {
        Assert.That(Sample.GetString("a.nothing", "d"), Is.Null);
        Assert.That(Sample.GetString("a.inner"), Is.Null);
    }

    [Test]
    public void A_malformed_setting_is_an_error()
    {
        Assert.Catch(() => Sample.GetInt("a.text"));
        Assert.Catch(() => Sample.GetBoolean("a.text"));
        Assert.Catch(() => Sample.GetTimeSpan("a.text"));
    }

    [Test]
    public void Sections_are_configurations()
    {
        Assert.That(Sample.HasPath("a.inner.x"), Is.True);
        Assert.That(Sample.HasPath("a.inner.z"), Is.False);
        var inner = Sample.GetConfig("a.inner");
        Assert.That(inner.GetInt("y"), Is.EqualTo(2));
        Assert.That(inner.IsEmpty, Is.False);
    }

    [Test]
    public void Settings_can_be_enumerated_as_values()
    {
        var items = Sample.GetConfig("a.inner").AsEnumerable().ToDictionary(i => i.Key, i => i.Value.GetInt());
        Assert.That(items, Is.EquivalentTo(new Dictionary<string, int> { ["x"] = 1, ["y"] = 2 }));
        Assert.That(Sample.Root.GetObject().Items.Keys, Is.EquivalentTo(new[] { "a", "b" }));
        var value = Sample.GetValue("a.list");
        Assert.That((value.IsArray(), value.IsObject(), value.IsString()), Is.EqualTo((true, false, false)));
        Assert.That(value.GetArray().Select(v => v.GetString()), Is.EqualTo(new[] { "x", "y", "z z" }));
        Assert.That(Sample.GetValue("x"), Is.Null);
        Assert.That(Sample.GetValue("a").GetChildObject("number").GetInt(), Is.EqualTo(42));
        Assert.That(Sample.GetValue("a.time").GetTimeSpan(), Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(Sample.GetValue("a.text").GetObject(), Is.Null);
    }

    [Test]
    public void Fallbacks_fill_the_gaps_and_objects_are_merged()
    {
        var config = ConfigurationFactory.ParseString("a { x = 1 }\nl = [1]")
            .WithFallback(ConfigurationFactory.ParseString("a { x = 2, y = 3 }\nb = 4\nl = [2, 3]"));
        Assert.That(config.GetInt("a.x"), Is.EqualTo(1));
        Assert.That(config.GetInt("a.y"), Is.EqualTo(3));
        Assert.That(config.GetInt("b"), Is.EqualTo(4));
        Assert.That(config.GetStringList("l"), Is.EqualTo(new[] { "1" }));
        Assert.That(config.GetConfig("a").GetInt("y"), Is.EqualTo(3));
        Assert.That((config + "c = 5").GetInt("c"), Is.EqualTo(5));
        Assert.Throws<ArgumentException>(() => config.WithFallback(config));
    }

    [Test]
    public void Empty_configurations_are_empty()
    {
        Assert.That(ConfigurationFactory.Empty.IsEmpty, Is.True);
        Assert.That(Config.Empty.IsNullOrEmpty(), Is.True);
        Assert.That(((Config?)null).IsNullOrEmpty(), Is.True);
        Assert.That(ConfigurationFactory.Empty.WithFallback(Sample).GetInt("b"), Is.EqualTo(42));
        Assert.That(((Config?)null).SafeWithFallback(Sample), Is.SameAs(Sample));
    }

    [Test]
    public void A_string_is_a_configuration()
    {
        Config config = "x = 1";
        Assert.That(config.GetInt("x"), Is.EqualTo(1));
        Assert.That(ConfigurationFactory.ParseString(config.ToString()).GetInt("x"), Is.EqualTo(1));
    }

    [Test]
    public void An_object_is_a_configuration()
    {
        var config = ConfigurationFactory.FromObject(new { a = new { b = 1, c = "text" }, list = new[] { 1, 2 } });
        Assert.That(config.GetInt("a.b"), Is.EqualTo(1));
        Assert.That(config.GetString("a.c"), Is.EqualTo("text"));
        Assert.That(config.GetIntList("list"), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void The_defaults_can_be_read()
    {
        var defaults = ConfigurationFactory.Default();
        Assert.That(defaults.GetString("akka.loglevel"), Is.EqualTo("INFO"));
        Assert.That(defaults.GetInt("akka.actor.default-dispatcher.throughput"), Is.EqualTo(30));
        Assert.That(defaults.GetTimeSpan("akka.actor.ask-timeout"), Is.EqualTo(Timeout.InfiniteTimeSpan));
        Assert.That(defaults.GetBoolean("akka.coordinated-shutdown.run-by-clr-shutdown-hook"), Is.True);
    }
}

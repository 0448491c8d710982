using System.Globalization;
using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>HOCON specification, "API Recommendations".</summary>
public class ConversionTests
{
    [TestCase("5", 5)]
    [TestCase("\"5\"", 5)]
    [TestCase("-7", -7)]
    [TestCase("1e3", 1000)]
    [TestCase("5.0", 5)]
    [TestCase("007", 7)]
    [TestCase("2147483647", int.MaxValue)]
    [TestCase("\" 8 \"", 8)]
    public void Whole_numbers(string text, int value) => Assert.That(Value(text).AsInt(), Is.EqualTo(value));

    [TestCase("five", "'five' is not a whole number; write digits only")]
    [TestCase("5.5", "'5.5' is not a whole number; drop the fraction")]
    [TestCase("2147483648", "2147483648 is out of range; allowed are -2147483648 to 2147483647")]
    [TestCase("1e99", "'1e99' is out of range; the largest number possible here is 2147483647")]
    [TestCase("99999999999999999999999999999999", "'99999999999999999999999999999999' is out of range; the largest number possible here is 2147483647")]
    [TestCase("\"+5\"", "'+5' is not a whole number; write digits only")]
    [TestCase("\"\"", "'' is not a whole number; write digits only")]
    [TestCase("true", "'true' is not a whole number; write digits only")]
    [TestCase("null", "expected a number but found null")]
    [TestCase("[]", "expected a number but found an array")]
    [TestCase("{}", "expected a number but found an object")]
    public void What_is_not_a_whole_number_is_refused(string text, string reason) =>
        Assert.That(Error(() => Value(text).AsInt()).Message, Is.EqualTo($"test.conf:1:5: k: {reason}"));

    [Test]
    public void Real_numbers_and_long_numbers()
    {
        Assert.That(Value("1.5e3").AsDouble(), Is.EqualTo(1500));
        Assert.That(Value("-0.25").AsDouble(), Is.EqualTo(-0.25));
        Assert.That(Value("9223372036854775807").AsLong(), Is.EqualTo(long.MaxValue));
        Assert.That(Value("-9223372036854775808").AsLong(), Is.EqualTo(long.MinValue));
        foreach (var bad in (string[])["NaN", "Infinity", "1e999", "1.", ".5", "0x10", "1_000", "\"1,5\""])
            Assert.That(() => Value(bad).AsDouble(), Throws.TypeOf<HoconException>(), bad);
    }

    [TestCase("true", true)]
    [TestCase("yes", true)]
    [TestCase("on", true)]
    [TestCase("\"on\"", true)]
    [TestCase("false", false)]
    [TestCase("no", false)]
    [TestCase("off", false)]
    public void Booleans(string text, bool value) => Assert.That(Value(text).AsBoolean(), Is.EqualTo(value));

    [TestCase("True")]
    [TestCase("1")]
    [TestCase("y")]
    [TestCase("null")]
    public void What_is_not_a_boolean_is_refused(string text) => Assert.That(() => Value(text).AsBoolean(), Throws.TypeOf<HoconException>());

    [Test]
    public void Scalars_are_strings_as_they_were_written()
    {
        Assert.That(Value("1e5").AsString(), Is.EqualTo("1e5"));
        Assert.That(Value("true").AsString(), Is.EqualTo("true"));
        Assert.That(Value("\"null\"").AsString(), Is.EqualTo("null"));
        Assert.That(() => Value("null").AsString(), Throws.TypeOf<HoconException>());
        Assert.That(() => Value("[a]").AsString(), Throws.TypeOf<HoconException>());
    }

    [TestCase("10", 10.0)]
    [TestCase("10 ms", 10.0)]
    [TestCase("\" 10  milliseconds \"", 10.0)]
    [TestCase("1.5s", 1500.0)]
    [TestCase("1e3 us", 1.0)]
    [TestCase("500 ns", 0.0005)]
    [TestCase("1 ns", 0.0001)]
    [TestCase("0 ns", 0.0)]
    [TestCase("2m", 120_000.0)]
    [TestCase("1 h", 3_600_000.0)]
    [TestCase("1 d", 86_400_000.0)]
    public void Durations(string text, double milliseconds) =>
        Assert.That(Value(text).AsDuration().Ticks, Is.EqualTo((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond)));

    [Test]
    public void Every_unit_of_time_has_its_short_and_long_names()
    {
        (string[] Names, double Ticks)[] units =
        [
            (["ns", "nano", "nanos", "nanosecond", "nanoseconds"], 0.01), (["us", "micro", "micros", "microsecond", "microseconds"], 10),
            (["ms", "milli", "millis", "millisecond", "milliseconds"], 1e4), (["s", "second", "seconds"], 1e7), (["m", "minute", "minutes"], 6e8),
            (["h", "hour", "hours"], 3.6e10), (["d", "day", "days"], 8.64e11),
        ];
        foreach (var (names, ticks) in units)
            foreach (var name in names) Assert.That(Value($"700 {name}").AsDuration().Ticks, Is.EqualTo((long)(ticks * 700)), name);
    }

    [Test]
    public void A_bare_number_has_the_unit_that_the_caller_names()
    {
        Assert.That(Value("3").AsDuration(HoconTimeUnit.Seconds), Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(Value("3").AsDuration(HoconTimeUnit.Days), Is.EqualTo(TimeSpan.FromDays(3)));
        Assert.That(Value("300").AsDuration(HoconTimeUnit.Nanoseconds).Ticks, Is.EqualTo(3));
        Assert.That(Value("3 ms").AsDuration(HoconTimeUnit.Hours), Is.EqualTo(TimeSpan.FromMilliseconds(3)));
        Assert.That(Value("infinite").AsDuration(), Is.EqualTo(Timeout.InfiniteTimeSpan));
    }

    [TestCase("10 parsecs", "'parsecs' is not a unit of time; use one of ns, us, ms, s, m, h, d")]
    [TestCase("10 S", "'S' is not a unit of time; use one of ns, us, ms, s, m, h, d")]
    [TestCase("s", "'s' is not a duration; write a number and a unit, such as 10 s, or infinite")]
    [TestCase("\"\"", "'' is not a duration; write a number and a unit, such as 10 s, or infinite")]
    [TestCase("1 2 s", "'1 2 s' is not a duration; write a number and a unit, such as 10 s, or infinite")]
    [TestCase("-1 ms", "'-1 ms' is negative, which a duration cannot be")]
    [TestCase("99999999 d", "'99999999 d' is too long for a duration; write infinite, or at most 10675199 d")]
    [TestCase("1e30 d", "'1e30 d' is out of range")]
    [TestCase("[1 s]", "expected a duration but found an array")]
    public void What_is_not_a_duration_is_refused(string text, string reason) =>
        Assert.That(Error(() => Value(text).AsDuration()).Reason, Is.EqualTo(reason));

    [Test]
    public void Every_unit_of_size_has_its_short_and_long_names()
    {
        foreach (var name in (string[])["", "B", "b", "byte", "bytes"]) Assert.That(Value($"7 {name}").AsSize(), Is.EqualTo(7), name);
        string[] decimals = ["kilo", "mega", "giga", "tera", "peta", "exa"];
        string[] binaries = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi"];
        for (var i = 0; i < 6; i++)
        {
            var letter = "KMGTPE"[i];
            var thousands = (long)Math.Pow(1000, i + 1);
            var binary = 1L << (10 * (i + 1));
            foreach (var name in (string[])[i == 0 ? "kB" : $"{letter}B", $"{decimals[i]}byte", $"{decimals[i]}bytes"])
                Assert.That(Value($"3{name}").AsSize(), Is.EqualTo(3 * thousands), name);
            string[] names = [$"{letter}", char.ToLowerInvariant(letter).ToString(CultureInfo.InvariantCulture), $"{letter}i", $"{letter}iB", $"{binaries[i]}byte", $"{binaries[i]}bytes"];
            foreach (var name in names) Assert.That(Value($"3 {name}").AsSize(), Is.EqualTo(3 * binary), name);
        }
        Assert.That(Value("0.5 KiB").AsSize(), Is.EqualTo(512));
    }

    [TestCase("1 KB", "'KB' is not a unit of size; use one of B, kB, MB, GB, K, KiB, M, MiB, G, GiB")]
    [TestCase("1 mB", "'mB' is not a unit of size; use one of B, kB, MB, GB, K, KiB, M, MiB, G, GiB")]
    [TestCase("many", "'many' is not a size; write a number and a unit, such as 128 KiB")]
    [TestCase("-5", "'-5' is negative, which a size cannot be")]
    [TestCase("1 ZB", "'1 ZB' is out of range; sizes go up to 9223372036854775807 bytes")]
    [TestCase("8 EiB", "'8 EiB' is out of range; sizes go up to 9223372036854775807 bytes")]
    [TestCase("9999999 YiB", "'9999999 YiB' is out of range; sizes go up to 9223372036854775807 bytes")]
    public void What_is_not_a_size_is_refused(string text, string reason) => Assert.That(Error(() => Value(text).AsSize()).Reason, Is.EqualTo(reason));

    [Test]
    public void Objects_with_numbers_as_keys_are_arrays_where_one_is_asked_for()
    {
        Assert.That(Value("{ \"2\" = c, \"0\" = a, x = y, \"-1\" = n, \"10\" = d }").AsStringList(), Is.EqualTo(new[] { "a", "c", "d" }));
        Assert.That(Value("[a, 1, true]").AsStringList(), Is.EqualTo(new[] { "a", "1", "true" }));
        Assert.That(Value("[]").AsList(), Is.Empty);
        Assert.That(Error(() => Value("{}").AsList()).Reason, Is.EqualTo("expected an array but found an object; write [ ... ]"));
        Assert.That(Error(() => Value("{ a = 1 }").AsList()).Reason, Is.EqualTo("expected an array but found an object; write [ ... ]"));
        Assert.That(Error(() => Value("a b").AsList()).Reason, Is.EqualTo("expected an array but found 'a b'; write [ ... ]"));
        Assert.That(Error(() => Value("[a, [b]]").AsStringList()).Message, Is.EqualTo("test.conf:1:9: k[1]: expected a string but found an array"));
    }

    private static HoconValue Value(string text) => Parse($"k = {text}")["k"];
}

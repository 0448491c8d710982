using System.Diagnostics;
using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>Documents that are too deep, too large or multiply themselves end in an error, soon, and never in a stack overflow.</summary>
public class LimitTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static IEnumerable<TestCaseData> Hostile()
    {
        const int Many = 200_000;
        string Lines(int count, Func<int, string> line) => string.Join('\n', Enumerable.Range(1, count).Select(line));
        yield return new TestCaseData(new string('[', Many).Insert(0, "a = "), "nested deeper than 128").SetArgDisplayNames("nested arrays");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("{a=", Many)), "nested deeper than 128").SetArgDisplayNames("nested objects");
        yield return new TestCaseData(string.Join('.', Enumerable.Repeat("a", Many)) + " = 1", "nested deeper than 128").SetArgDisplayNames("long key");
        yield return new TestCaseData("a = ${" + string.Join('.', Enumerable.Repeat("a", Many)) + "}", "nested deeper than 128").SetArgDisplayNames("long substitution");
        yield return new TestCaseData("a0 = xxxxxxxxxx\n" + Lines(100, i => $"a{i} = ${{a{i - 1}}}${{a{i - 1}}}"), "multiplies values").SetArgDisplayNames("doubling text");
        yield return new TestCaseData("a0 = [1]\n" + Lines(100, i => $"a{i} = ${{a{i - 1}}} ${{a{i - 1}}}"), "multiplies values").SetArgDisplayNames("doubling arrays");
        yield return new TestCaseData("a0 = 1\n" + Lines(100, i => $"a{i} = [${{a{i - 1}}}, ${{a{i - 1}}}]"), "multiplies values").SetArgDisplayNames("doubling trees of arrays");
        yield return new TestCaseData("a0 = 1\n" + Lines(100, i => $"a{i} {{ l = ${{a{i - 1}}}, r = ${{a{i - 1}}} }}"), "multiplies values").SetArgDisplayNames("doubling trees of objects");
        yield return new TestCaseData(
            "a0.x = 1\nb0.x = 1\n" + Lines(60, i => $"a{i} {{ l = ${{a{i - 1}}}, r = ${{a{i - 1}}} }}\nb{i} {{ l = ${{b{i - 1}}}, r = ${{b{i - 1}}} }}") + "\nc = ${a60} ${b60}",
            "multiplies values").SetArgDisplayNames("merging shared trees");
        yield return new TestCaseData("a = x\n" + Lines(60, _ => "a = ${a}${a}"), "multiplies values").SetArgDisplayNames("doubling self-references");
        yield return new TestCaseData(Lines(10_000, i => $"a{i} = ${{a{i + 1}}}") + "\na10001 = 1", "wait for one another").SetArgDisplayNames("long chain forward");
        yield return new TestCaseData("a0 = 1\n" + Lines(10_000, i => $"a{i} = {{ x = ${{a{i - 1}}} }}"), "after substitution|deeper than").SetArgDisplayNames("tree that grows deeper by substitution");
        yield return new TestCaseData("a0 = 1\n" + Lines(10_000, i => $"a{i} = [ ${{a{i - 1}}} ]"), "after substitution|deeper than").SetArgDisplayNames("array that grows deeper by substitution");
        yield return new TestCaseData(Lines(5_000, i => "a = ${?x}\nb" + i + " = ${a.q}"), "steps to resolve|neither").SetArgDisplayNames("many lookups through many assignments");
        yield return new TestCaseData(Lines(3_000, i => $"a {{ k{i} = ${{?b}} }}\nb {{ k{i} = ${{?a}} }}"), null).SetArgDisplayNames("many circles");
        yield return new TestCaseData(Lines(5_000, i => $"a{i} = {{ " + Lines(3, j => $"k{j} = ${{?a{((i * 7) + j) % 5000}}}") + " }"), null).SetArgDisplayNames("tangle of optional circles");
        yield return new TestCaseData(new string('x', 5_000_000), "more than 4194304 characters").SetArgDisplayNames("large text");
        yield return new TestCaseData("a = [" + new string('1', 100) + string.Concat(Enumerable.Repeat(",1", 100_000)) + "]", null).SetArgDisplayNames("large array");
    }

    [TestCaseSource(nameof(Hostile))]
    public void Hostile_documents_end_soon(string text, string? reason) => Refused(text, reason, 250_000);

    [Test]
    public void Hostile_documents_end_soon_with_the_default_limits() => Refused(
        "a0 = 1\n" + string.Join('\n', Enumerable.Range(1, 100).Select(i => $"a{i} {{ l = ${{a{i - 1}}}, r = ${{a{i - 1}}} }}")),
        "multiplies values",
        HoconOptions.Default.MaxResolutionSteps);

    private static void Refused(string text, string? reason, int steps)
    {
        var watch = Stopwatch.StartNew();
        HoconException? error = null;
        // A small stack, like that of a thread which an application made for itself.
        var thread = new Thread(
            () =>
            {
                try
                {
                    Parse(text, Options with { MaxResolutionSteps = steps });
                }
                catch (HoconException e)
                {
                    error = e;
                }
            },
            512 * 1024);
        thread.Start();
        thread.Join();
        Assert.That(watch.Elapsed, Is.LessThan(Soon));
        if (reason is null) return;
        Assert.That(error, Is.Not.Null);
        Assert.That(error!.Reason, Does.Match(reason));
    }

    [Test]
    public void Limits_count_exactly()
    {
        var options = Options with { MaxDepth = 3 };
        Assert.That(() => Parse("a.b.c = 1, x { y { z = 1 } }, l { m = [ 1 ] }", options), Throws.Nothing);
        Assert.That(Message("a.b.c.d = 1", options), Is.EqualTo("test.conf:1:1: nested deeper than 3 levels; flatten it, or raise HoconOptions.MaxDepth"));
        Assert.That(Message("x { y { z { q = 1 } } }", options), Is.EqualTo("test.conf:1:13: x.y.z: nested deeper than 3 levels; flatten it, or raise HoconOptions.MaxDepth"));
        Assert.That(Message("a.b = 1, x.y = ${a}, z = { q = ${x} }", options), Does.Contain("nested deeper than 3 levels after substitution"));
        Assert.That(() => Options with { MaxDepth = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Options with { MaxDepth = 1001 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Parse("a = 12", Options with { MaxCharacters = 6 }), Throws.Nothing);
        Assert.That(() => Parse("a = 123", Options with { MaxCharacters = 6 }), Throws.TypeOf<HoconException>());
    }

    [TestCase(1_000)]
    [TestCase(10_000)]
    public void Resolving_is_linear(int fields)
    {
        // Steps are counted, so that the machine has no say in it.
        var options = Options with { MaxResolutionSteps = 25 * fields };
        var text = string.Join('\n', Enumerable.Range(0, fields).Select(i => $"k{i} {{ a = ${{?k{i / 2}.b}}, b = {i} }}\nl += {i}"));
        Assert.That(Parse(text, options).Count, Is.EqualTo(fields + 1));
    }
}

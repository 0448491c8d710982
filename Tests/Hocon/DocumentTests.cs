using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>Fallbacks, documents from pairs, rendering.</summary>
public class DocumentTests
{
    [TestCase("{ \"a\": {\"x\": 1} }", "{ \"a\": 42 }", "{ \"a\": {\"y\": 2} }", """{"a":{"x":1}}""")]
    [TestCase("{ \"a\": {\"x\": 1} }", "{ \"a\": {\"y\": 2} }", "{ \"a\": 42 }", """{"a":{"y":2,"x":1}}""")]
    [TestCase("a = 1", "a = 2, b = 2", "a = 3, b = 3, c = 3", """{"a":1,"b":2,"c":3}""")]
    [TestCase("a = [1]", "a = [2]", "a = x", """{"a":[1]}""")]
    [TestCase("a.b.c = 1", "a.b.d = 2", "a = null", """{"a":{"b":{"d":2,"c":1}}}""")]
    public void Fallbacks_merge_like_duplicate_keys_however_they_are_grouped(string first, string second, string third, string json)
    {
        HoconDocument a = Load(first), b = Load(second), c = Load(third);
        Assert.That(Sorted(a.WithFallback(b).WithFallback(c).Resolve()), Is.EqualTo(json));
        Assert.That(Sorted(a.WithFallback(b.WithFallback(c)).Resolve()), Is.EqualTo(json));
        HoconObject x = a.Resolve(), y = b.Resolve(), z = c.Resolve();
        Assert.That(Sorted(x.WithFallback(y).WithFallback(z)), Is.EqualTo(json), "resolved trees");
        Assert.That(Sorted(x.WithFallback(y.WithFallback(z))), Is.EqualTo(json), "resolved trees, from below");
        Assert.That(Sorted(HoconDocument.FromObject(x).WithFallback(HoconDocument.FromObject(y)).WithFallback(HoconDocument.Empty).WithFallback(c).Resolve()), Is.EqualTo(json));

        static string Sorted(HoconObject o) => o.ToString();
    }

    [Test]
    public void Substitutions_resolve_after_the_merge_in_both_directions()
    {
        var reference = Load("base = /var, log = ${base}/log, path = [ a ]", "reference.conf");
        var user = Load("base = /tmp, mine = ${log}/x, path = ${path} [ b ], extra = ${?none}");
        Assert.That(
            user.WithFallback(reference).Resolve().ToString(),
            Is.EqualTo("""{"base":"/tmp","log":"/tmp/log","path":["a","b"],"mine":"/tmp/log/x"}"""));
        Assert.That(reference.Resolve().ToString(), Is.EqualTo("""{"base":"/var","log":"/var/log","path":["a"]}"""), "documents are immutable");
    }

    [Test]
    public void Merged_values_keep_their_own_origins_and_get_their_paths()
    {
        var merged = Load("o.x = 1").WithFallback(Load("\no { y = 2 }", "reference.conf")).Resolve();
        Assert.That(merged["o.x"].Origin.ToString(), Is.EqualTo("test.conf:1:7"));
        Assert.That(merged["o.y"].Origin.ToString(), Is.EqualTo("reference.conf:2:9"));
        Assert.That(merged["o.y"].Path, Is.EqualTo("o.y"));
        Assert.That(merged["o"].Origin.ToString(), Is.EqualTo("test.conf:1:1"), "the user's file is the one to edit");
        var again = Parse("o.x = 1").WithFallback(Parse("o.y = 2"));
        Assert.That(again["o.y"].Path, Is.EqualTo("o.y"));
    }

    [Test]
    public void A_tree_is_built_from_flat_pairs()
    {
        var document = HoconDocument.FromPairs(
            [
                new("Ouroboros:layers:lo:type", "local"), new("Ouroboros:layers:lo", "hidden"), new("Ouroboros:names:1", "b"), new("Ouroboros:names:0", "a"),
                new("Ouroboros:n", "5"), new("Ouroboros", null), new("dotted.key", "${x}"),
            ],
            "IConfiguration");
        var root = document.Resolve();
        var ouroboros = new HoconReader(root.GetObject("Ouroboros"));
        Assert.That(ouroboros.GetStringList("names"), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(ouroboros.GetInt("n"), Is.EqualTo(5));
        Assert.That(ouroboros.GetObject("layers").GetObject("lo").GetString("type"), Is.EqualTo("local"), "keys below win over a value");
        Assert.That(root["\"dotted.key\""].AsString(), Is.EqualTo("${x}"), "values are text");
        Assert.That(
            Error(() => root["Ouroboros.layers.lo.type"].AsInt()).Message,
            Is.EqualTo("IConfiguration: Ouroboros.layers.lo.type: 'local' is not a whole number; write digits only"));
        Assert.That(document.WithFallback(Load("Ouroboros { n = 1, layers.lo.m = 2 }")).Resolve()["Ouroboros.layers.lo.m"].AsInt(), Is.EqualTo(2));
        var deep = string.Join(':', Enumerable.Repeat("a", 200));
        Assert.That(Error(() => HoconDocument.FromPairs([new(deep, "x")], "pairs")).Reason, Does.Contain("nested deeper than 128 levels"));
    }

    [Test]
    public void Rendered_text_parses_to_the_same_tree()
    {
        var root = Parse("""
            a = 1, b = "1", c = true, d = "true", e = null, f = "null", g = [1, [], {}, { x = y }], h { i { j = 1 } }, "k l" = "m\n\"\u0001\\"
            "" = "", "include" = 1, "a.b" = 2, u = ünïcode, s = "${x}", lone = "\ud800", pair = "😀"
            """);
        foreach (var format in Enum.GetValues<HoconFormat>())
        {
            foreach (var indented in (bool[])[true, false])
            {
                var text = root.Render(format, indented);
                Assert.That(Json(text), Is.EqualTo(root.ToString()), text);
            }
        }
        Assert.That(System.Text.Json.JsonDocument.Parse(Parse("g = [1, {a = x}]").Render(HoconFormat.Json)).RootElement.GetProperty("g").GetArrayLength(), Is.EqualTo(2));
        Assert.That(Parse("a.b = [1, x], c = {}").Render(), Is.EqualTo("a {\n  b = [\n    1\n    \"x\"\n  ]\n}\nc = {}"));
        Assert.That(Parse("a.b = [1, x], c = {}").Render(HoconFormat.Json), Is.EqualTo("{\n  \"a\": {\n    \"b\": [\n      1,\n      \"x\"\n    ]\n  },\n  \"c\": {}\n}"));
        Assert.That(Parse("a.b = [1, x]").Render(HoconFormat.Hocon, false), Is.EqualTo("{a {b = [1,\"x\"]}}"));
    }

    private static HoconDocument Load(string text, string name = "test.conf") => HoconDocument.LoadString(text, Options with { SourceName = name });
}

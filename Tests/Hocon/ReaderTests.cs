using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

public class ReaderTests
{
    private static readonly Dictionary<string, int> Hashes = new() { ["SHA3_224"] = 1, ["SHA3_256"] = 2 };

    [Test]
    public void Getters_convert_and_fall_back()
    {
        var reader = new HoconReader(Parse(
            "s = x, i = 5, l = 5000000000, d = 1.5, b = on, t = 2, z = 4 KiB, list = [a, b], hash = SHA3_256, o { x = 1 }, n = null"));
        Assert.Multiple(() =>
        {
            Assert.That(reader.GetString("s"), Is.EqualTo("x"));
            Assert.That(reader.GetString("none", "y"), Is.EqualTo("y"));
            Assert.That(reader.GetString("none", null), Is.Null);
            Assert.That(reader.GetInt("i"), Is.EqualTo(5));
            Assert.That(reader.GetInt("none", 7), Is.EqualTo(7));
            Assert.That(reader.GetLong("l"), Is.EqualTo(5_000_000_000));
            Assert.That(reader.GetDouble("d"), Is.EqualTo(1.5));
            Assert.That(reader.GetDouble("none", 0.5), Is.EqualTo(0.5));
            Assert.That(reader.GetBoolean("b"), Is.True);
            Assert.That(reader.GetBoolean("none", false), Is.False);
            Assert.That(reader.GetDuration("t", defaultUnit: HoconTimeUnit.Seconds), Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(reader.GetDuration("none", TimeSpan.FromDays(1)), Is.EqualTo(TimeSpan.FromDays(1)));
            Assert.That(reader.GetSize("z"), Is.EqualTo(4096));
            Assert.That(reader.GetSize("none", 3), Is.EqualTo(3));
            Assert.That(reader.GetStringList("list"), Is.EqualTo(new[] { "a", "b" }));
            Assert.That(reader.GetStringList("none", []), Is.Empty);
            Assert.That(reader.GetList("list"), Has.Count.EqualTo(2));
            Assert.That(reader.GetEnum("hash", Hashes), Is.EqualTo(2));
            Assert.That(reader.GetEnum("none", Hashes, 9), Is.EqualTo(9));
            Assert.That(reader.GetObject("o").GetInt("x"), Is.EqualTo(1));
            Assert.That(reader.GetInt("n", 3), Is.EqualTo(3), "null is not set");
            Assert.That(reader.Has("n"), Is.False);
        });
        Assert.That(reader.Finish, Throws.Nothing);
    }

    [Test]
    public void A_wrong_name_is_an_error_that_lists_the_names()
    {
        var lo = new HoconReader(Parse("\nouroboros.local {\n  lo { hash = \"SHA1\" }\n}").GetObject("ouroboros.local.lo"));
        Assert.That(
            Error(() => lo.GetEnum("hash", Hashes)).Message,
            Is.EqualTo("test.conf:3:15: ouroboros.local.lo.hash: 'SHA1' is not one of SHA3_224, SHA3_256"));
        var near = new HoconReader(Parse("hash = SHA3-256"));
        Assert.That(Error(() => near.GetEnum("hash", Hashes)).Reason, Is.EqualTo("'SHA3-256' is not one of SHA3_224, SHA3_256; did you mean SHA3_256?"));
    }

    [Test]
    public void Values_out_of_range_are_errors_at_the_value()
    {
        var reader = new HoconReader(Parse("a.b { i = 70000\nt = 5 s\nz = 1 K\nd = 2\nf = infinite }").GetObject("a.b"));
        Assert.That(Error(() => reader.GetInt("i", null, 1, 65535)).Message, Is.EqualTo("test.conf:1:11: a.b.i: 70000 is out of range; allowed are 1 to 65535"));
        Assert.That(
            Error(() => reader.GetDuration("t", max: TimeSpan.FromMilliseconds(1500))).Message,
            Is.EqualTo("test.conf:2:5: a.b.t: '5 s' is out of range; allowed are 0 s to 1500 ms"));
        Assert.That(Error(() => reader.GetDuration("t", min: TimeSpan.FromSeconds(6))).Reason, Is.EqualTo("'5 s' is out of range; at least 6 s is allowed"));
        Assert.That(Error(() => reader.GetDuration("f", max: TimeSpan.FromSeconds(6))).Reason, Is.EqualTo("'infinite' is out of range; allowed are 0 s to 6 s"));
        Assert.That(reader.GetDuration("f", min: TimeSpan.FromSeconds(6)), Is.EqualTo(Timeout.InfiniteTimeSpan));
        Assert.That(Error(() => reader.GetSize("z", max: 1000)).Reason, Is.EqualTo("'1 K' is out of range; allowed are 0 B to 1000 B"));
        Assert.That(Error(() => reader.GetDouble("d", max: 1.5, min: 0)).Reason, Is.EqualTo("2 is out of range; allowed are 0 to 1.5"));
    }

    [Test]
    public void A_required_key_that_is_not_set_is_an_error_at_its_object()
    {
        var root = new HoconReader(Parse("a {\n  b { x = null }\n}"));
        var b = root.GetObject("a").GetObject("b");
        Assert.That(Error(() => b.GetInt("x")).Message, Is.EqualTo("test.conf:2:5: a.b.x: is required but not set; set it"));
        Assert.That(Error(() => b.GetString("y.z")).Message, Is.EqualTo("test.conf:2:5: a.b.\"y.z\": is required but not set; set it"));
        Assert.That(Error(() => root.GetObject("q")).Message, Is.EqualTo("test.conf:1:1: q: is required but not set; set it"));
        var missing = root.GetObjectOrEmpty("c").GetObjectOrEmpty("d");
        Assert.That(missing.GetInt("e", 5), Is.EqualTo(5));
        Assert.That(Error(() => missing.GetInt("f")).Message, Is.EqualTo("test.conf:1:1: c.d.f: is required but not set; set it"));
        Assert.That(Error(() => new HoconReader(Parse("a = 1")).GetObjectOrEmpty("a")).Reason, Is.EqualTo("expected an object but found '1'; write { ... }"));
    }

    [Test]
    public void Unknown_keys_are_refused_with_the_nearest_known_key()
    {
        var root = new HoconReader(Parse("a {\n  b {\n    hsah = 1 } }"));
        var b = root.GetObject("a").GetObject("b");
        b.GetInt("hash", 1);
        b.GetInt("timeout", 1);
        Assert.That(Error(root.Finish).Message, Is.EqualTo("test.conf:3:5: a.b.hsah: 'hsah' is not a known key; did you mean 'hash'?"));
        var other = new HoconReader(Parse("\"x y\" = 1"));
        other.GetInt("hash", 1);
        other.Ignore("timeout");
        Assert.That(Error(other.Finish).Message, Is.EqualTo("test.conf:1:1: \"x y\": 'x y' is not a known key; remove it, or use one of hash, timeout"));
        Assert.That(Error(new HoconReader(Parse("x = 1")).Finish).Reason, Is.EqualTo("'x' is not a known key; no key is known here; remove it"));
        var dotted = new HoconReader(Parse("a.b.c = 1\na.b.tmeout = 2"));
        var inner = dotted.GetObject("a").GetObject("b");
        inner.GetInt("c");
        inner.GetInt("timeout", 1);
        Assert.That(Error(dotted.Finish).Message, Is.EqualTo("test.conf:2:1: a.b.tmeout: 'tmeout' is not a known key; did you mean 'timeout'?"));
    }

    [Test]
    public void Named_and_listed_objects_are_read_one_by_one()
    {
        var root = new HoconReader(Parse("layers { lo { type = local }, eth { typo = x }, off = null }\nlist = [ { a = 1 }, { a = 2 } ]"));
        Assert.That(root.GetObjectList("list").Select(r => r.GetInt("a")), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(root.GetObjectList("none"), Is.Empty);
        var layers = root.GetObject("layers").GetNamedObjects();
        Assert.That(layers.Select(l => l.Key), Is.EqualTo(new[] { "lo", "eth" }));
        foreach (var layer in layers) layer.Value.GetString("type", "local");
        Assert.That(Error(root.Finish).Message, Is.EqualTo("test.conf:1:37: layers.eth.typo: 'typo' is not a known key; did you mean 'type'?"));
        Assert.That(root.GetObject("layers").Path, Is.EqualTo("layers"));
    }

    [Test]
    public void A_binder_reports_its_own_errors_in_the_same_form()
    {
        var root = Parse("a.b = x");
        Assert.That(HoconException.At(root["a.b"], "the layer does not exist").Message, Is.EqualTo("test.conf:1:7: a.b: the layer does not exist"));
        var reader = new HoconReader(root.GetObject("a"));
        Assert.That(reader.Error("b", "why").Message, Is.EqualTo("test.conf:1:7: a.b: why"));
        var error = reader.Error("c", "why");
        Assert.That(error.Message, Is.EqualTo("test.conf:1:1: a.c: why"));
        Assert.That((error.File, error.Line, error.Column, error.Path, error.Reason), Is.EqualTo(("test.conf", 1, 1, "a.c", "why")));
    }
}

using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Layers.Unicast.Directory.Dht;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Tests.Layers.Dht;

public sealed class OptionsTests
{
    [Test]
    public void Defaults_are_those_of_the_notes()
    {
        var config = Read("");
        Assert.That(config.Peer, Is.Zero);
        Assert.That(config.Policy, Is.Zero);
        Assert.That(config.Options, Is.EqualTo(new DhtOptions()));
        Assert.That(
            (config.Options.Alpha, config.Options.K, config.Options.Expire.TotalSeconds, config.Options.Refresh.TotalSeconds, config.Options.Replicate.TotalSeconds),
            Is.EqualTo((3, 8, 86400.0, 900.0, 900.0)));
    }

    [Test]
    public void Bare_numbers_are_seconds_and_units_are_taken_too()
    {
        var options = Read("directory = dht, dht_alpha = 5, dht_k = 20, dht_t_expire = 1 h, dht_t_refresh = 3, dht_t_replicate = 60 s").Options;
        Assert.That(options.Alpha, Is.EqualTo(5));
        Assert.That(options.K, Is.EqualTo(20));
        Assert.That(options.Expire, Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That(options.Refresh, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(options.Replicate, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [TestCase("dht_alpha = 0")]
    [TestCase("dht_alpha = 11")]
    [TestCase("dht_k = 21")]
    [TestCase("dht_k = many")]
    [TestCase("dht_t_expire = 9")]
    [TestCase("dht_t_refresh = 2 s")]
    [TestCase("dht_t_replicate = 3601")]
    [TestCase("dht_t_replicate = 3500 ms")]
    [TestCase("dht_max_values = 0")]
    [TestCase("dht_max_values = 10, dht_max_values_per_peer = 11")]
    [TestCase("directory = chord")]
    public void What_is_out_of_range_is_refused_with_its_path(string text)
    {
        var key = text.Split(',')[^1].Split('=')[0].Trim();
        Assert.That(() => Read(text), Throws.TypeOf<HoconException>().With.Message.Contains(key));
    }

    [TestCase("dht_k = 21", "layer.ipcp.dht_k", "20")]
    [TestCase("dht_t_refresh = 2 s", "layer.ipcp.dht_t_refresh", "3")]
    [TestCase("dht_t_replicate = 3500 ms", "layer.ipcp.dht_t_replicate", "whole number of seconds")]
    [TestCase("directory = chord", "layer.ipcp.directory", "DHT")]
    public void An_error_names_the_whole_path_and_what_is_allowed(string text, string path, string allowed)
    {
        var reader = new HoconReader(HoconDocument.ParseString($"layer {{ ipcp {{ {text} }} }}")).GetObject("layer").GetObject("ipcp");
        Assert.That(
            () => DirectoryPolicies.Read(reader, DirectoryHash.Sha3_256), Throws.TypeOf<HoconException>().With.Message.Contains(path).And.Message.Contains(allowed));
    }

    [Test]
    public void Keys_are_as_long_as_the_hash_of_the_layer()
    {
        Assert.That(Read("", DirectoryHash.Sha3_512).Options.KeyLength, Is.EqualTo(64));
    }

    [Test]
    public void Whoever_enrols_another_hands_over_its_own_address_as_peer()
    {
        var config = Read("dht_k = 9");
        Assert.That(config.For(77), Is.EqualTo(config with { Peer = 77 }));
    }

    [Test]
    public void Odd_parameters_of_a_layer_that_is_joined_are_moved_into_their_ranges()
    {
        var clamped = new DhtOptions { Alpha = 0, K = 1000, Expire = TimeSpan.Zero, Refresh = TimeSpan.FromDays(9), Replicate = TimeSpan.FromSeconds(1) }.Clamped();
        Assert.That(
            (clamped.Alpha, clamped.K, clamped.Expire.TotalSeconds, clamped.Refresh.TotalSeconds, clamped.Replicate.TotalSeconds),
            Is.EqualTo((1, 20, 10.0, 3600.0, 3.0)));
    }

    [Test]
    public void A_node_with_an_id_or_address_that_does_not_fit_is_refused()
    {
        Assert.That(() => Make(31, 1), Throws.TypeOf<FlowException>());
        Assert.That(() => Make(32, 0), Throws.TypeOf<FlowException>());
        Assert.That(() => Make(32, 1UL << 32), Throws.TypeOf<FlowException>());
        Assert.That(() => DirectoryPolicies.Find(3), Throws.TypeOf<FlowException>().With.Message.Contains("0 (DHT)"));
    }

    [Test]
    public void The_unforeseeable_source_stays_in_its_ranges_and_does_not_repeat()
    {
        var random = UnforeseeableRandom.Instance;
        Assert.That(Enumerable.Range(0, 1000).Select(_ => random.Next(7)), Is.All.InRange(0, 6));
        Assert.That(Enumerable.Range(0, 1000).Select(_ => random.NextInt64(long.MinValue, long.MaxValue)).Distinct().Count(), Is.EqualTo(1000));
        Assert.That(Enumerable.Range(0, 1000).Select(_ => random.NextDouble()), Is.All.InRange(0.0, 1.0));
        Assert.That(random.Next(5, 5), Is.EqualTo(5));
    }

    private static void Make(int idLength, ulong address) =>
        _ = new DhtNode(new DhtOptions(), DhtKey.Random(new Random(1), idLength), address, new NetworkNode(new DhtNetwork(), 1, new DhtOptions(), DhtKey.Random(new Random(1), 32), null), new Random(1));

    private static DhtConfig Read(string text, DirectoryHash hash = DirectoryHash.Sha3_256)
    {
        var reader = new HoconReader(HoconDocument.ParseString(text));
        var config = (DhtConfig)DirectoryPolicies.Read(reader, hash);
        reader.Finish();
        return config;
    }
}

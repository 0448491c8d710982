using Ouroboros.Hocon;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Configuration;

public sealed class ReferenceConfTests
{
    private static readonly HoconObject Reference = HoconDocument.ParseString(HoconConfig.ReferenceText);

    /// <summary>What has no default, by kind.</summary>
    private static readonly Dictionary<string, string> Required = new()
    {
        ["eth-dix"] = "dev = eth0",
        ["eth-llc"] = "dev = eth0",
        ["udp4"] = "ip = 10.0.0.1",
        ["udp6"] = "ip = \"fd00::1\"",
    };

    [Test]
    public void An_empty_file_and_the_reference_itself_give_exactly_the_defaults_of_RuntimeConfig()
    {
        var defaults = new RuntimeConfig();
        Assert.That(HoconConfig.ParseString(""), Is.EqualTo(defaults).UsingPropertiesComparer());
        Assert.That(HoconConfig.ParseString(HoconConfig.ReferenceText), Is.EqualTo(defaults).UsingPropertiesComparer());
        Assert.That(HoconConfig.ParseString("ouroboros.seed = 1"), Is.Not.EqualTo(defaults).UsingPropertiesComparer(), "or the comparer sees nothing");
    }

    [Test]
    public void The_embedded_reference_is_the_file_in_the_repository()
    {
        Assert.That(HoconConfig.ReferenceText, Is.EqualTo(File.ReadAllText(Path.Combine(Repository.Root, "hocon", "reference.conf"))));
    }

    [TestCaseSource(nameof(Examples))]
    public void Every_example_is_a_configuration_without_mistakes_or_warnings(string file)
    {
        if (file == "post-quantum.conf" && !Ouroboros.Crypto.KeyExchange.KeyExchanges.IsSupported(Ouroboros.Crypto.Algorithms.KeyExchangeAlgorithm.X25519MlKem768))
        {
            // Refused at start, and it says what to do.
            var refused = Assert.Throws<HoconException>(() => HoconConfig.LoadFile(Path.Combine(Repository.Root, "hocon", file)));
            Assert.That(refused!.Message, Does.Contain("ouroboros.name.archive.server.encryption.kex").And.Contain("3.5"));
            return;
        }
        var config = HoconConfig.LoadFile(Path.Combine(Repository.Root, "hocon", file));
        Assert.That(config.Warnings, Is.Empty);
        Assert.That(config.Names.Count + config.Ipcps.Count, file == "reference.conf" ? Is.Zero : Is.Positive);
    }

    [Test]
    public void Every_kind_of_IPCP_has_its_keys_and_defaults_in_the_reference()
    {
        foreach (var kind in IpcpKinds.All)
        {
            Assert.That(Reference.TryGet($"ouroboros.{HoconPath.Quote(kind.Name)}", out _), Is.True, $"ouroboros.{kind.Name}");
            var path = $"ouroboros.defaults.{HoconPath.Quote(kind.Name)}";
            var required = Required.GetValueOrDefault(kind.Name, "");
            var given = HoconDocument.ParseString($"{HoconConfig.ReferenceText}\n{path} {{ {required} }}");
            var documented = new HoconReader(given.GetObject(path));
            foreach (var key in documented.Keys.Where(key => documented.Object[HoconPath.Quote(key)] is HoconScalar { IsNull: true })) documented.Has(key);
            var config = kind.ReadConfig("L", documented);
            Assert.That(documented.KnownKeys, Is.EquivalentTo(documented.Keys), $"keys of {kind.Name}");
            var plain = new HoconReader(HoconDocument.ParseString(required));
            Assert.That(kind.ReadConfig("L", plain), Is.EqualTo(config), $"defaults of {kind.Name}");
            Assert.That(plain.KnownKeys, Is.EquivalentTo(documented.Keys), $"keys of {kind.Name}");
        }
    }

    /// <summary>The reader takes no default from code: without its line in the reference, a key is missing.</summary>
    [TestCaseSource(nameof(Leaves))]
    public void Every_key_that_is_not_null_in_the_reference_is_read(string path)
    {
        // Null hides the default, so a key that somebody reads is now reported as not set.
        var error = Assert.Throws<HoconException>(() => HoconConfig.ParseString($"{path} = null\nouroboros.name.n {{}}, ouroboros.local.lo {{ bootstrap = L }}"));
        Assert.That(error!.Path, Does.EndWith(path[(path.LastIndexOf('.') + 1)..]));
        Assert.That(error.Reason, Does.Contain("required but not set"));
    }

    private static IEnumerable<string?> Examples() => Directory.GetFiles(Path.Combine(Repository.Root, "hocon"), "*.conf").Select(Path.GetFileName).Order();

    private static IEnumerable<string> Leaves() => LeavesOf(Reference, "")
        .Where(path => !IpcpKinds.All.Any(kind => path.StartsWith($"ouroboros.defaults.{kind.Name}.", StringComparison.Ordinal)));

    private static IEnumerable<string> LeavesOf(HoconObject obj, string prefix) => obj.Keys.SelectMany(key => obj[HoconPath.Quote(key)] switch
    {
        HoconObject below => LeavesOf(below, prefix + key + "."),
        HoconScalar { IsNull: true } => [],
        _ => [prefix + key],
    });
}

using System.Text;
using Microsoft.Extensions.Configuration;
using Ouroboros.Hocon;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Configuration;

public sealed class ConfigurationSourceTests
{
    [Test]
    public void A_JSON_section_means_the_same_as_the_HOCON_file()
    {
        const string Json =
            """
            {
              "Logging": { "LogLevel": { "Default": "Warning" } },
              "Ouroboros": {
                "runtime-name": "node",
                "fail": "continue",
                "irmd": { "query-timeout": "250 ms", "direct-ipc": false, "max-flows": 99 },
                "pool": { "backing": "anonymous", "global": { "blocks-384": 10 } },
                "log": { "file": null, "sources": { "Ouroboros.Layers": "debug" } },
                "name": {
                  "echo": { "lb": "round-robin", "prog": [ "one", { "path": "two", "auto": true, "args": [ "-x", "y" ] } ], "args": [] },
                  "empty": {}
                },
                "local": { "lo": { "bootstrap": "L", "hash": "SHA3_512", "reg": [ "echo" ], "conn": [] }, "bare": {} },
                "akka": { "loglevel": "DEBUG" }
              }
            }
            """;
        const string Text =
            """
            ouroboros {
              runtime-name = node, fail = continue
              irmd { query-timeout = 250 ms, direct-ipc = false, max-flows = 99 }
              pool { backing = anonymous, global.blocks-384 = 10 }
              log.sources { "Ouroboros.Layers" = debug }
              name { echo { lb = round-robin, prog = [one, { path = two, auto = true, args = [-x, y] }] }, empty {} }
              local { lo { bootstrap = L, hash = SHA3_512, reg = [echo] }, bare {} }
            }
            akka.loglevel = DEBUG
            """;
        Assert.That(Read(Json), Is.EqualTo(HoconConfig.ParseString(Text)).UsingPropertiesComparer());
    }

    [Test]
    public void A_later_provider_overrides_a_key_however_it_spells_it()
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(Stream("""{ "Ouroboros": { "name": { "Echo": { "lb": "spill" } }, "irmd": { "query-timeout": "1 s" } } }"""))
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["OUROBOROS:IRMD:QUERY-TIMEOUT"] = "2 s",
                ["OUROBOROS:NAME:Echo:LB"] = "round-robin",
            })
            .Build();
        var config = HoconConfig.FromConfiguration(configuration.GetSection("Ouroboros"));
        Assert.That(config.Irmd.QueryTimeout, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(config.Names.Single().Info, Is.EqualTo(new NameInfo("Echo", LoadBalancing.RoundRobin)));
    }

    [Test]
    public void A_section_that_is_not_there_gives_the_defaults()
    {
        Assert.That(Read("{}"), Is.EqualTo(new RuntimeConfig()).UsingPropertiesComparer());
    }

    [TestCase("""{ "Ouroboros": { "irmd": { "query-timeout": "soon" } } }""", "ouroboros.irmd.query-timeout", "not a duration")]
    [TestCase("""{ "Ouroboros": { "Irmd": { "Colour": "red" } } }""", "ouroboros.irmd.Colour", "not a known key")]
    [TestCase("""{ "Ouroboros": { "local": { "lo": { "bootstrap": "L", "hash": "MD5" } } } }""", "ouroboros.local.lo.hash", "SHA3_256")]
    [TestCase("""{ "Ouroboros": { "local": { "lo": { "bootstrap": "" } } } }""", "ouroboros.local.lo.bootstrap", "must not be empty")]
    [TestCase("""{ "Ouroboros": { "unicast": { "u": { "bootstrap": "U", "ttl": "256" } } } }""", "ouroboros.unicast.u.ttl", "1 to 255")]
    public void A_mistake_is_named_by_section_and_path(string json, string path, string reason)
    {
        var error = Assert.Throws<HoconException>(() => Read(json))!;
        Assert.That((error.Path, error.File), Is.EqualTo((path, "configuration section 'Ouroboros'")));
        Assert.That(error.Reason, Does.Contain(reason));
    }

    private static RuntimeConfig Read(string json) =>
        HoconConfig.FromConfiguration(new ConfigurationBuilder().AddJsonStream(Stream(json)).Build().GetSection("Ouroboros"));

    private static MemoryStream Stream(string json) => new(Encoding.UTF8.GetBytes(json));
}

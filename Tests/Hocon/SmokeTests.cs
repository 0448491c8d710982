using Ouroboros.Hocon;

namespace Ouroboros.Tests.Hocon;

public class SmokeTests
{
    [Test]
    public void Sample_of_everything_resolves()
    {
        var root = HoconDocument.ParseString("""
            # comment
            base { cluster-size = 6, x.y = 1 }
            east = ${base} { name = "east", x { z = ${east.name} } }
            path = [ /bin ]
            path = ${path} [ /usr/bin ]
            path += /opt
            s = hello ${east.name} world
            d = 10 seconds
            opt = ${?nope}
            n { "0" = a, "1" = b }
            """);
        Assert.That(root.ToString(), Is.EqualTo(
            """{"base":{"cluster-size":6,"x":{"y":1}},"east":{"cluster-size":6,"x":{"y":1,"z":"east"},"name":"east"},"path":["/bin","/usr/bin","/opt"],"s":"hello east world","d":"10 seconds","n":{"0":"a","1":"b"}}"""));
        Assert.That(root["d"].AsDuration(), Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(root["east.x.z"].Path, Is.EqualTo("east.x.z"));
    }
}

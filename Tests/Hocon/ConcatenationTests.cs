using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>HOCON specification, "Value concatenation".</summary>
public class ConcatenationTests
{
    [TestCase("a = 1 2 3 4", """{"a":"1 2 3 4"}""")]
    [TestCase("a = [1 2 3 4]", """{"a":["1 2 3 4"]}""")]
    [TestCase("a = \"x\" y\"z\" 1", """{"a":"x yz 1"}""")]
    [TestCase("a = null null", """{"a":"null null"}""")]
    [TestCase("a = 1e5\"\"", """{"a":"1e5"}""")]
    [TestCase("n = 1e5, t = true, z = null, a = ${n}${t}${z} x", """{"n":1e5,"t":true,"z":null,"a":"1e5truenull x"}""")]
    [TestCase("x = b, a = ${x} ${x}, c = a ${x}\" c\"", """{"x":"b","a":"b b","c":"a b c"}""")]
    [TestCase("a : { b : 1 } { c : 2 }", """{"a":{"b":1,"c":2}}""")]
    [TestCase("a : { b : 1 }{ b : 2 }", """{"a":{"b":2}}""")]
    [TestCase("a : [ 1, 2 ] [ 3, 4 ]", """{"a":[1,2,3,4]}""")]
    [TestCase("a : [ [ 1, 2 ] [ 3, 4 ] ], b : [ [ 1, 2 ]\n [ 3, 4 ] ]", """{"a":[[1,2,3,4]],"b":[[1,2],[3,4]]}""")]
    [TestCase("a = [ { x = 1 } { y = 2 } ]", """{"a":[{"x":1,"y":2}]}""")]
    [TestCase("a : [\n1 ] [ \n2 ]", """{"a":[1,2]}""")]
    [TestCase("g = { cluster-size = 6 }\ne = ${g} { name = \"east\" }", """{"g":{"cluster-size":6},"e":{"cluster-size":6,"name":"east"}}""")]
    [TestCase("g = { x = 6 }\ne = { x = 5, y = 1 } ${g}", """{"g":{"x":6},"e":{"x":6,"y":1}}""")]
    [TestCase("g = { x = 6 }, h = { y = 7 }\ne = ${g} ${h}", """{"g":{"x":6},"h":{"y":7},"e":{"x":6,"y":7}}""")]
    [TestCase("path = [ /bin ]\npath = ${path} [ /usr/bin ]", """{"path":["/bin","/usr/bin"]}""")]
    [TestCase("w = x, a = [ This is an unquoted string my name is ${w}, Hello ${w} ]", """{"w":"x","a":["This is an unquoted string my name is x","Hello x"]}""")]
    [TestCase("o { \"1\" = b, \"0\" = a, x = c }, a = [z] ${o}, b = ${o} [z]", """{"o":{"1":"b","0":"a","x":"c"},"a":["z","a","b"],"b":["a","b","z"]}""")]
    [TestCase("a { x { y = 1 } } { x { z = 2 } }", """{"a":{"x":{"y":1,"z":2}}}""")]
    public void Values_on_one_line_are_joined(string text, string json) => Assert.That(Json(text), Is.EqualTo(json));

    [TestCase("a = {} x", "test.conf:1:8: a: text and an object cannot be joined into one value; separate them by a comma or a new line")]
    [TestCase("a = x []", "test.conf:1:5: a: text and an array cannot be joined into one value; separate them by a comma or a new line")]
    [TestCase("a = [[] 1]", "test.conf:1:9: a[0]: text and an array cannot be joined into one value; separate them by a comma or a new line")]
    [TestCase("a = [1] { x = 1 }", "test.conf:1:9: a: an object and an array cannot be joined into one value; make both the same kind")]
    [TestCase("s = x\na = ${s} [1]", "test.conf:2:5: a: '${s}' is 'x' (from test.conf:1:5) and an array cannot be joined into one value; make both the same kind")]
    [TestCase("s = x\na = ${s} { b = 1 }", "test.conf:2:5: a: '${s}' is 'x' (from test.conf:1:5) and an object cannot be joined into one value; make both the same kind")]
    [TestCase("s = {}\na.b = x ${s}", "test.conf:2:7: a.b: 'x' and an object cannot be joined into one value; make both the same kind")]
    [TestCase("s = null\na = ${s} [1]", "test.conf:2:5: a: '${s}' is null (from test.conf:1:5) and an array cannot be joined into one value; make both the same kind")]
    public void Values_of_different_kinds_cannot_be_joined(string text, string message) => Assert.That(Message(text), Is.EqualTo(message));

    [Test]
    public void Text_that_was_put_together_is_text()
    {
        var root = Parse("x = 1, a = ${x}${x}, b = 1\"\", c = ${x}");
        Assert.That(root["a"].Kind, Is.EqualTo(HoconValueKind.String));
        Assert.That(root["a"].AsInt(), Is.EqualTo(11));
        Assert.That(root["b"].Kind, Is.EqualTo(HoconValueKind.String));
        Assert.That(root["c"].Kind, Is.EqualTo(HoconValueKind.Number), "a substitution by itself keeps the type");
    }
}

using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>HOCON specification, "Substitutions", its examples first.</summary>
public class SubstitutionTests
{
    [TestCase("animal.favorite = dog\nkey : ${animal.favorite} is my favorite animal", """{"animal":{"favorite":"dog"},"key":"dog is my favorite animal"}""")]
    [TestCase("key : \"${x}\"", """{"key":"${x}"}""")]
    [TestCase("a = ${b}, b = 1, b = 2", """{"a":2,"b":2}""", TestName = "A_substitution_looks_forward_to_the_last_value")]
    [TestCase("a = ${ b.\"c.d\" }, b.\"c.d\" = 1", """{"a":1,"b":{"c.d":1}}""")]
    [TestCase("a = ${?x}", "{}", TestName = "A_field_with_an_undefined_optional_is_not_made")]
    [TestCase("a = 1, a = ${?x}", """{"a":1}""", TestName = "An_undefined_optional_leaves_the_earlier_value")]
    [TestCase("a = [1, ${?x}, 2]", """{"a":[1,2]}""")]
    [TestCase("a = x${?b}y, c = ${?b} z", """{"a":"xy","c":" z"}""")]
    [TestCase("a = ${?b} [1], c = ${?b} { d = 1 }", """{"a":[1],"c":{"d":1}}""")]
    [TestCase("foo : ${?bar}${?baz}, fox : ${?bar} ${?baz}", "{}")]
    [TestCase("path : \"a:b:c\"\npath : ${path}\":d\"", """{"path":"a:b:c:d"}""")]
    [TestCase("foo : { a : 1 }\nfoo : ${foo}", """{"foo":{"a":1}}""")]
    [TestCase("foo : ${?foo}", "{}")]
    [TestCase("foo : ${does-not-exist}\nfoo : 42", """{"foo":42}""", TestName = "A_hidden_substitution_is_never_evaluated")]
    [TestCase("foo : ${foo}, foo : 42", """{"foo":42}""")]
    [TestCase("foo : ${does-not-exist}\nfoo : ${bar}\nbar : 42", """{"foo":42,"bar":42}""", TestName = "A_substitution_that_is_hidden_by_the_value_of_another_is_never_evaluated")]
    [TestCase("foo : { a : { c : 1 } }\nfoo : ${foo.a}\nfoo : { a : 2 }", """{"foo":{"a":2,"c":1}}""")]
    [TestCase("bar : { foo : 42, baz : ${bar.foo} }", """{"bar":{"foo":42,"baz":42}}""")]
    [TestCase("bar : { foo : 42, baz : ${bar.foo} }\nbar : { foo : 43 }", """{"bar":{"foo":43,"baz":43}}""")]
    [TestCase("bar : { a : ${foo.d}, b : 1 }\nbar.b = 3\nfoo : { c : ${bar.b}, d : 2 }\nfoo.d = 4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [TestCase("a = ${?a}foo", """{"a":"foo"}""")]
    [TestCase("a = 1\nb = 2\na = ${b}\nb = ${a}", """{"a":1,"b":1}""", TestName = "Two_fields_that_swap_end_up_equal")]
    [TestCase("a = ${?b}, b = ${?a}", "{}")]
    [TestCase("a += b", """{"a":["b"]}""")]
    [TestCase("a = [1]\na += 2\na += { x = 3 }, a += [4]", """{"a":[1,2,{"x":3},[4]]}""")]
    [TestCase("a = { b += 1 }\na { b += 2 }\nx = [ { c += 1, c += 2 } ]", """{"a":{"b":[1,2]},"x":[{"c":[1,2]}]}""")]
    [TestCase("c = { a : [5] }\nb = ${c}\nb { a += 6 }", """{"c":{"a":[5]},"b":{"a":[5,6]}}""", TestName = "Appending_sees_what_a_substitution_brought")]
    [TestCase("base { foo = 1, z = 3 }\nbar = ${base} { foo : 42, baz : ${bar.foo}, q = ${bar.z} }", """{"base":{"foo":1,"z":3},"bar":{"foo":42,"z":3,"baz":42,"q":3}}""", TestName = "An_object_that_inherits_may_refer_to_itself")]
    [TestCase("a { x = 1 }\na = ${b}\na { x = ${a.x}2 }\nb { x = 5 }", """{"a":{"x":"52"},"b":{"x":5}}""", TestName = "A_self_reference_sees_the_layers_below")]
    [TestCase("a = { x = 1 }\na = { x = 2 } ${a}", """{"a":{"x":1}}""")]
    [TestCase("a { x = 1 }, a = ${b}, b { c = ${a} }", """{"a":{"x":1,"c":{"x":1}},"b":{"c":{"x":1}}}""")]
    [TestCase("a { b = ${?a} }, c = 1", """{"a":{},"c":1}""", TestName = "An_optional_substitution_that_makes_a_circle_is_undefined")]
    [TestCase("x { y = 1 }, a = ${x.y}, b = ${?x.y.z}, c = ${?x.q}", """{"x":{"y":1},"a":1}""")]
    [TestCase("a = [ ${b}, ${b} ], b { c = ${d} }, d = 7", """{"a":[{"c":7},{"c":7}],"b":{"c":7},"d":7}""")]
    [TestCase("a = ${n}, n = null", """{"a":null,"n":null}""")]
    [TestCase("a { b { c = 1 } }\na.b.d = ${a.b.c}\nz = ${a} { b { c = 2 } }", """{"a":{"b":{"c":1,"d":1}},"z":{"b":{"c":2,"d":1}}}""", TestName = "Inherited_values_are_not_late_bound")]
    [TestCase("a = 5, a = ${b}, b = { x = 1 }, a.y = 2", """{"a":{"x":1,"y":2},"b":{"x":1}}""")]
    public void Substitutions_resolve(string text, string json) => Assert.That(Json(text), Is.EqualTo(json));

    [TestCase("foo : ${foo}", "test.conf:1:7: foo: '${foo}' refers to itself, and there is no earlier value that it could mean; give it one, or write ${?...} if it may be missing")]
    [TestCase("foo : ${foo}\nfoo : { a : 1 }", "test.conf:1:7: foo: '${foo}' refers to itself, *")]
    [TestCase("bar : ${foo}\nfoo : ${bar}", "test.conf:2:7: foo: '${bar}' refers to itself, *")]
    [TestCase("a : ${b}\nb : ${c}\nc : ${a}", "test.conf:3:5: c: '${a}' refers to itself, *")]
    [TestCase("a : { b : ${a} }", "test.conf:1:11: a.b: '${a}' refers to a value that contains this very place; refer to a single key of it instead")]
    [TestCase("a : [x, ${a}]", "test.conf:1:9: a[1]: '${a}' refers to a value that contains this very place; *")]
    [TestCase("x = ${a}\na : { b : ${a} }", "test.conf:2:11: a.b: '${a}' refers to a value *")]
    [TestCase("a { b = 1\n  c = ${a.d} }", "test.conf:2:7: a.c: '${a.d}' is neither in the document nor in the environment; define it, or write ${?...} if it may be missing")]
    [TestCase("a = 1, a += 2", "test.conf:1:13: a: += appends to an array, but the value so far is '1' (from test.conf:1:5); make that an array, or write = to replace it")]
    [TestCase("a { b = 1 }, a += 2", "test.conf:1:19: a: += appends to an array, but the value so far is an object (from test.conf:1:3); *")]
    [TestCase("a = [ { b = ${x} } ]", "test.conf:1:13: a[0].b: '${x}' is neither *")]
    public void What_cannot_be_resolved_is_an_error_at_the_substitution(string text, string message)
    {
        var found = Message(text);
        if (message.EndsWith('*')) Assert.That(found, Does.StartWith(message[..^1]));
        else Assert.That(found, Is.EqualTo(message));
    }

    [Test]
    public void An_undefined_substitution_falls_back_to_the_environment()
    {
        var options = Options with { Environment = name => name switch { "HOME" => "/root", "EMPTY" => "", "N" => "5", "L_0" => "x", "L_1" => "y", _ => null } };
        Assert.That(
            Json("a = ${HOME}/x, b = ${?EMPTY}, c = ${N}, d = ${?NOPE}, e = ${L[]} [z], f = ${?L[]}, g = ${?M[]}", options),
            Is.EqualTo("""{"a":"/root/x","b":"","c":"5","e":["x","y","z"],"f":["x","y"]}"""));
        Assert.That(Json("HOME = null, a = ${HOME}", options), Is.EqualTo("""{"HOME":null,"a":null}"""), "a null in the document hides the environment");
        Assert.That(Parse("a = ${N}", options)["a"].AsInt(), Is.EqualTo(5));
        Assert.That(Json("N += 1", options), Is.EqualTo("""{"N":[1]}"""), "appending is about the document only");
    }

    [Test]
    public void The_process_environment_is_the_default() =>
        Assert.That(HoconDocument.ParseString("a = ${PATH}")["a"].AsString(), Is.EqualTo(Environment.GetEnvironmentVariable("PATH")));

    [Test]
    public void Long_chains_of_self_references_resolve()
    {
        var appended = Parse(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"a += {i}")));
        Assert.That(appended["a"].AsList(), Has.Count.EqualTo(20_000));
        Assert.That(appended["a"].AsList()[19_999].AsInt(), Is.EqualTo(19_999));
        var text = Parse("p = x\n" + string.Join('\n', Enumerable.Repeat("p = ${p}y", 1_000)));
        Assert.That(text["p"].AsString(), Has.Length.EqualTo(1_001));
        var merged = Parse("o = { z = 1 }\n" + string.Join('\n', Enumerable.Range(0, 400).Select(i => $"o = ${{o}} {{ k{i} = {i} }}")));
        Assert.That(merged.GetObject("o").Count, Is.EqualTo(401));
    }

    [Test]
    public void A_shared_array_is_not_changed_by_what_is_appended_to_a_copy() =>
        Assert.That(
            Json("a = [1], b = ${a} [2], c = ${a} [3], d = ${b} ${b}, a += 4"),
            Is.EqualTo("""{"a":[1,4],"b":[1,4,2],"c":[1,4,3],"d":[1,4,2,1,4,2]}"""));
}

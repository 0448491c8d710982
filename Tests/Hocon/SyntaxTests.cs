using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>HOCON specification, "Syntax", up to "Multi-line strings", and "Path expressions".</summary>
public class SyntaxTests
{
    [TestCase("""{"a":{"b":[1,-2.5e+10,true,false,null,"x\u0041\n\"\\\/\b\f\r\t"]}}""", """{"a":{"b":[1,-2.5e+10,true,false,null,"xA\n\"\\/\b\f\r\t"]}}""", TestName = "JSON_is_HOCON")]
    [TestCase("", "{}", TestName = "An_empty_text_is_an_empty_object")]
    [TestCase(" \n # only a comment", "{}", TestName = "A_text_of_comments_is_an_empty_object")]
    [TestCase("\uFEFF{}", "{}", TestName = "A_byte_order_mark_is_white_space")]
    [TestCase("a = 1 # c\nb = 2 // c\n# c\n// c\nc = 3", """{"a":1,"b":2,"c":3}""", TestName = "Comments_begin_with_a_hash_or_two_slashes_and_end_with_the_line")]
    [TestCase("a = \"# no\", b = \"// no\"", """{"a":"# no","b":"// no"}""", TestName = "A_quoted_comment_is_text")]
    [TestCase("a = foo#c\nb = foo//c", """{"a":"foo","b":"foo"}""", TestName = "A_comment_needs_no_space_before_it")]
    [TestCase("a : 1, b = 2\nc { d = 3 }\r\ne={f:4}", """{"a":1,"b":2,"c":{"d":3},"e":{"f":4}}""", TestName = "Separators_are_colon_and_equals_and_none_before_a_brace")]
    [TestCase("{ a : 1 }\n\n # end", """{"a":1}""", TestName = "Root_braces_are_optional_and_may_be_followed_by_comments")]
    [TestCase("a = [1\n2\n\n3, 4,\n5,]", """{"a":[1,2,3,4,5]}""", TestName = "New_lines_separate_elements_and_one_trailing_comma_is_ignored")]
    [TestCase("a { b = 1,\n c = 2\n, d = 3, }", """{"a":{"b":1,"c":2,"d":3}}""", TestName = "New_lines_separate_fields_and_one_trailing_comma_is_ignored")]
    [TestCase("a\n:\n# comment\n\n1", """{"a":1}""", TestName = "New_lines_and_comments_may_surround_a_separator")]
    [TestCase("a\n{ b = 1 }", """{"a":{"b":1}}""", TestName = "A_brace_may_begin_on_the_line_after_its_key")]
    [TestCase("a = 1, a = 2", """{"a":2}""", TestName = "The_last_of_duplicate_values_wins")]
    [TestCase("foo { a = 42 }\nfoo { b = 43, a = 44 }", """{"foo":{"a":44,"b":43}}""", TestName = "Duplicate_objects_are_merged")]
    [TestCase("foo { a = 42 }\nfoo = null\nfoo { b = 43 }", """{"foo":{"b":43}}""", TestName = "A_null_between_two_objects_prevents_their_merge")]
    [TestCase("foo { a { x = 1 }, l = [1] }\nfoo { a { y = 2 }, l = [2] }", """{"foo":{"a":{"x":1,"y":2},"l":[2]}}""", TestName = "Objects_merge_recursively_and_arrays_do_not")]
    [TestCase("a = foo bar  baz \t ", """{"a":"foo bar  baz"}""", TestName = "Space_inside_unquoted_text_stays_and_space_around_it_goes")]
    [TestCase("a = true story, b = true, c = nullable, d = 10.0foo, e = -x-, f = 1e5 x", """{"a":"true story","b":true,"c":"nullable","d":"10.0foo","e":"-x-","f":"1e5 x"}""", TestName = "Only_a_value_by_itself_is_a_boolean_or_number")]
    [TestCase("a = 1E5, b = 1e+5, c = 1e-5, d = 007, e = 1., f = -0", """{"a":1E5,"b":1e+5,"c":1e-5,"d":"007","e":"1.","f":-0}""", TestName = "Numbers_stay_as_they_were_written")]
    [TestCase("a = a/b:c", null, TestName = "A_colon_in_unquoted_text_is_an_error")]
    [TestCase("a = /usr/bin;x|y~z%'(){}", null, TestName = "A_brace_after_unquoted_text_is_an_error")]
    [TestCase("a = /usr/bin;x|y~z%'()<>", """{"a":"/usr/bin;x|y~z%'()<>"}""", TestName = "Unquoted_text_may_hold_everything_that_is_not_reserved")]
    [TestCase("a = \u00a0x\u2003y\u00a0", "{\"a\":\"x\u2003y\"}", TestName = "Unicode_spaces_are_white_space")]
    [TestCase("a = \"\"\"x\"y\n  \\n ${z}\"\"\"", """{"a":"x\"y\n  \\n ${z}"}""", TestName = "A_multi_line_string_has_no_escapes")]
    [TestCase("a = \"\"\"foo\"\"\"\"", """{"a":"foo\""}""", TestName = "Quotes_beyond_the_third_belong_to_a_multi_line_string")]
    [TestCase("a = \"\"\"\"\"\"\"\"", """{"a":"\"\""}""", TestName = "Eight_quotes_are_a_string_of_two")]
    [TestCase("a = \"\", b = \"\"\"\"\"\"", """{"a":"","b":""}""", TestName = "Empty_strings_are_quoted")]
    [TestCase("a.b.c : 42", """{"a":{"b":{"c":42}}}""", TestName = "A_path_as_key_makes_objects")]
    [TestCase("a.x : 42, a.y : 43", """{"a":{"x":42,"y":43}}""", TestName = "Paths_as_keys_merge")]
    [TestCase("a b c : 42", """{"a b c":42}""", TestName = "Keys_may_hold_spaces")]
    [TestCase("foo.bar.\"hello.world\" = 1", """{"foo":{"bar":{"hello.world":1}}}""", TestName = "A_quoted_full_stop_does_not_separate")]
    [TestCase("10.0foo = 1\nfoo10.0 = 2\nfoo\"10.0\" = 3\n1.2.3 = 4", """{"10":{"0foo":1},"foo10":{"0":2},"foo10.0":3,"1":{"2":{"3":4}}}""", TestName = "Full_stops_of_numbers_separate_in_keys")]
    [TestCase("true : 42, 3 : 42, 3.14 : 42, null : 1", """{"true":42,"3":{"14":42},"null":1}""", TestName = "Keys_are_always_strings")]
    [TestCase("a.\"\".b = 1, \"\" = 2", """{"a":{"":{"b":1}},"":2}""", TestName = "An_empty_key_is_quoted")]
    [TestCase("foo include = 1, a = include, b = [ include ], \"include\" = 2, includes = 3, include.x = 4", """{"foo include":1,"a":"include","b":["include"],"include":{"x":4},"includes":3}""", TestName = "Include_is_special_only_where_a_key_begins")]
    public void Text_is_read_as(string text, string? json)
    {
        if (json is null) Assert.That(() => Parse(text), Throws.TypeOf<HoconException>());
        else Assert.That(Json(text), Is.EqualTo(json));
    }

    [Test]
    public void Every_reserved_character_is_refused_in_unquoted_text_and_accepted_in_quotes([Values] bool asKey)
    {
        foreach (var c in "$\"{}[]:=,+#`^?!@*&\\")
        {
            var unquoted = asKey ? $"x{c}y = 1" : $"k = x{c}y";
            Assert.That(() => Parse(c == '#' && !asKey ? "k = x, x#" : unquoted), Throws.TypeOf<HoconException>(), unquoted);
            var escaped = c is '"' or '\\' ? $"\\{c}" : c.ToString();
            Assert.That(Parse($"\"x{escaped}y\" = \"x{escaped}y\"").Keys.Single(), Is.EqualTo($"x{c}y"));
        }
    }

    [Test]
    public void Values_know_their_origin_path_and_kind()
    {
        var root = Parse("a {\n  \"b.c\" = [ 1, { d = \"x\" } ]\n}\ne = ${a}");
        Assert.That(root["a.\"b.c\""].Origin, Is.EqualTo(new HoconOrigin("test.conf", 2, 11)));
        var d = ((HoconArray)root["a.\"b.c\""])[1].AsObject()["d"];
        Assert.That(d.Path, Is.EqualTo("a.\"b.c\"[1].d"));
        Assert.That(d.Origin.ToString(), Is.EqualTo("test.conf:2:22"));
        Assert.That(d.Kind, Is.EqualTo(HoconValueKind.String));
        Assert.That(((HoconScalar)d).IsQuoted, Is.True);
        var copy = root["e.\"b.c\""].AsList()[0];
        Assert.That(copy.Path, Is.EqualTo("e.\"b.c\"[0]"), "a substituted value is found under the place it was substituted into");
        Assert.That(copy.Origin.ToString(), Is.EqualTo("test.conf:2:13"), "but was written where it was written");
        Assert.That(root.OriginOfKey("e").ToString(), Is.EqualTo("test.conf:4:1"));
        Assert.That(root["a"].Origin.ToString(), Is.EqualTo("test.conf:1:3"));
        Assert.That(root.Path, Is.Empty);
    }

    [Test]
    public void Keys_keep_the_order_in_which_they_were_first_written() =>
        Assert.That(Parse("z = 1, a = 2, m.q = 3, a = 4, m.b = 5").Keys, Is.EqualTo(new[] { "z", "a", "m" }));

    [Test]
    public void Lookups_take_paths_or_keys()
    {
        var root = Parse("a.b = 1, \"a.b\" = 2, n = null");
        Assert.That(root["a.b"].AsInt(), Is.EqualTo(1));
        Assert.That(root["\"a.b\""].AsInt(), Is.EqualTo(2));
        Assert.That(root.TryGetKey("a.b", out var value) ? value.AsInt() : 0, Is.EqualTo(2));
        Assert.That(root.TryGet("a.b.c", out _), Is.False);
        Assert.That(root.TryGet("a.x", out _), Is.False);
        Assert.That(root.TryGet("n", out var nothing) ? nothing.Kind : HoconValueKind.Object, Is.EqualTo(HoconValueKind.Null));
        Assert.That(root.GetObject("a").Keys, Is.EqualTo(new[] { "b" }));
        Assert.That(Error(() => root.Get("a.x")).Message, Is.EqualTo("test.conf:1:1: a.x: is required but missing; set it"));
        Assert.That(Error(() => root.GetObject("a.b")).Message, Is.EqualTo("test.conf:1:7: a.b: expected an object but found '1'; write { ... }"));
        Assert.That(Error(() => root.Get("a..b")).Reason, Does.Contain("empty element"));
        Assert.That(Error(() => root.Get("a=b")).Reason, Does.Contain("unexpected '='"));
        Assert.That(Error(() => root.Get("")).Reason, Does.Contain("path is missing"));
    }

    [Test]
    public void Paths_are_split_and_joined()
    {
        string[] elements = ["a", "b.c", "", "d e", "\"", "x_1-y"];
        var joined = HoconPath.Join(elements);
        Assert.That(joined, Is.EqualTo("a.\"b.c\".\"\".\"d e\".\"\\\"\".x_1-y"));
        Assert.That(HoconPath.Parse(joined), Is.EqualTo(elements));
    }
}

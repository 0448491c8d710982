using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>HOCON specification, "Includes", over real files.</summary>
public class IncludeTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("hocon-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, true);

    [TestCase("include \"x.conf\"\nb = 2", """{"a":1,"b":2}""")]
    [TestCase("include \"x\"\nb = 2", """{"a":1,"b":2}""", TestName = "A_name_without_extension_finds_the_conf_file")]
    [TestCase("include file(\"x.conf\"), b = 2", """{"a":1,"b":2}""")]
    [TestCase("include file( \n \"x.conf\" )", """{"a":1}""")]
    [TestCase("include\n\n  \"x.conf\"", """{"a":1}""", TestName = "New_lines_may_follow_the_word_include")]
    [TestCase("include required(\"x.conf\")", """{"a":1}""")]
    [TestCase("include required( file(\"x.conf\") )", """{"a":1}""")]
    [TestCase("include \"missing.conf\"\nb = 2", """{"b":2}""", TestName = "A_missing_file_is_ignored")]
    [TestCase("include file(\"missing\")", "{}")]
    [TestCase("a = 0\ninclude \"x.conf\"", """{"a":1}""", TestName = "The_included_value_overrides_what_came_before")]
    [TestCase("include \"x.conf\"\na = 2", """{"a":2}""", TestName = "The_including_file_overrides_what_came_before")]
    [TestCase("q { include \"x.conf\" }", """{"q":{"a":1}}""")]
    [TestCase("q = [ { include \"x.conf\" }, 2 ]", """{"q":[{"a":1},2]}""")]
    public void Included_members_stand_in_place_of_the_include(string main, string json)
    {
        Write("x.conf", "a = 1");
        Assert.That(ParseMain(main).ToString(), Is.EqualTo(json));
    }

    [Test]
    public void Substitutions_of_an_included_file_are_looked_up_in_its_place_first_and_then_in_the_root()
    {
        Write("foo.conf", "{ x : 10, y : ${x}, z : ${root}, h : ${?HOME} }");
        Assert.That(
            ParseMain("a : { include \"foo.conf\" }, root = r").ToString(), Is.EqualTo("""{"a":{"x":10,"y":10,"z":"r","h":"/home/me"},"root":"r"}"""));
        Assert.That(
            ParseMain("a : { include \"foo.conf\" }\na : { x : 42 }, root = r, x = 5")["a.y"].AsInt(), Is.EqualTo(42), "the document is resolved as a whole");
    }

    [Test]
    public void Substitutions_work_through_nested_includes_and_inside_arrays()
    {
        Write("sub/inner.conf", "v = ${mine} ${middle} ${outer}, mine = m, list += ${mine}");
        Write("middle.conf", "middle = M, in { include \"sub/inner.conf\" }");
        var root = ParseMain("outer = O, q { include \"middle.conf\" }, l = [ { include \"middle.conf\" } ]");
        Assert.That(root["q.in"].ToString(), Is.EqualTo("""{"v":"m M O","mine":"m","list":["m"]}"""));
        Assert.That(root["l"].AsList()[0].AsObject()["in"].ToString(), Is.EqualTo("""{"v":"m M O","mine":"m","list":["m"]}"""));
    }

    [Test]
    public void A_self_reference_of_an_included_file_looks_back_into_the_including_file()
    {
        Write("x.conf", "path = ${path} [ b ]");
        Assert.That(ParseMain("p { path = [ a ], include \"x.conf\" }")["p.path"].AsStringList(), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(ParseMain("path = [ root ], p { include \"x.conf\" }")["p.path"].AsStringList(), Is.EqualTo(new[] { "root", "b" }));
    }

    [Test]
    public void Names_are_relative_to_the_including_file_or_absolute()
    {
        Write("sub/one.conf", "one = 1, include \"two.conf\", include \"../three.conf\"");
        Write("sub/two.conf", "two = 2");
        Write("three.conf", "three = 3");
        Assert.That(ParseMain("include \"sub/one.conf\"").ToString(), Is.EqualTo("""{"one":1,"two":2,"three":3}"""));
        var absolute = Path.Combine(_directory, "three.conf");
        Assert.That(Json($"include \"{absolute}\""), Is.EqualTo("""{"three":3}"""));
        Assert.That(Json("include \"three.conf\"", Options with { BaseDirectory = _directory }), Is.EqualTo("""{"three":3}"""));
    }

    [Test]
    public void Json_is_loaded_before_conf_when_the_extension_is_left_out()
    {
        Write("x.json", """{ "a": 1, "b": 1 }""");
        Write("x.conf", "b = 2");
        Assert.That(ParseMain("include \"x\"").ToString(), Is.EqualTo("""{"a":1,"b":2}"""));
    }

    [Test]
    public void A_file_may_be_included_twice()
    {
        Write("x.conf", "v = ${n}, n = 1");
        Assert.That(ParseMain("a { include \"x.conf\" }, b { include \"x.conf\", n = 2 }").ToString(), Is.EqualTo("""{"a":{"v":1,"n":1},"b":{"v":2,"n":2}}"""));
    }

    [TestCase("a {\n  include classpath(\"x.conf\") }", ":2:11: a: include classpath(...) is not supported; include a file: include \"name.conf\"")]
    [TestCase("include url(\"http://x\")", ":1:9: include url(...) is not supported; include a file: include \"name.conf\"")]
    [TestCase("include package(\"x\", \"y\")", ":1:9: include package(...) is not supported; include a file: include \"name.conf\"")]
    [TestCase("include \"http://x/y.conf\"", ":1:1: include of the URL 'http://x/y.conf' is not supported; include a file: include \"name.conf\"")]
    [TestCase("include : 1", ":1:9: unexpected ':' after include; write include \"file.conf\", or put the key \"include\" in quotes")]
    [TestCase("include", ":1:8: the text ends after include; write include \"file.conf\", or put the key \"include\" in quotes")]
    [TestCase("include x.conf", ":1:9: unexpected 'x' after include; *")]
    [TestCase("include \"\"", ":1:9: the name of the included file is empty")]
    [TestCase("include file(\"x.conf\"", ":1:22: the text ends in an include; end it with ')'")]
    [TestCase("include \"x.conf\" \"y.conf\"", ":1:18: unexpected '\"' after a value; separate fields by a comma or a new line")]
    [TestCase("a.b { include required(\"nope.conf\") }", ":1:7: a.b: cannot include 'nope.conf': *")]
    [TestCase("include \"sub\\u0000x\"", ":1:1: cannot include 'sub\0x': the name holds a NUL character; remove it")]
    public void A_bad_include_is_an_error_at_the_statement(string main, string message)
    {
        var expected = Main + message;
        var found = Error(() => ParseMain(main)).Message;
        if (expected.EndsWith('*')) Assert.That(found, Does.StartWith(expected[..^1]));
        else Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void A_relative_include_of_a_text_without_a_directory_is_an_error() =>
        Assert.That(
            Message("\n include \"x.conf\""),
            Is.EqualTo("test.conf:2:2: cannot include 'x.conf': test.conf is not a file that the name could be relative to; use an absolute path, or set HoconOptions.BaseDirectory"));

    [Test]
    public void A_circle_of_includes_is_an_error_that_names_the_files()
    {
        Write("x.conf", "a = 1\nb { include \"y.conf\" }");
        Write("y.conf", "include \"main.conf\"");
        var error = Error(() => ParseMain("q { include \"x.conf\" }"));
        Assert.That(error.Origin, Is.EqualTo(new HoconOrigin(Path.Combine(_directory, "y.conf"), 1, 1)));
        Assert.That(error.Path, Is.EqualTo("q.b"));
        Assert.That(error.Reason, Is.EqualTo($"the include makes a circle: {Main} -> {_directory}/x.conf -> {_directory}/y.conf -> {Main}; remove one of these includes"));
    }

    [Test]
    public void An_error_inside_an_included_file_names_that_file_and_the_whole_path()
    {
        Write("x.conf", "ok = 1\nbad = }");
        Assert.That(
            Error(() => ParseMain("a.b { include \"x.conf\" }")).Message,
            Is.EqualTo($"{_directory}/x.conf:2:7: a.b.bad: a value is missing; write one, or \"\" for an empty string"));
        Write("x.conf", "[1]");
        Assert.That(Error(() => ParseMain("include \"x.conf\"")).Message, Does.StartWith($"{_directory}/x.conf:1:1: the root is an array"));
        Write("x.conf", "n = five");
        Assert.That(Error(() => ParseMain("a { include \"x.conf\" }")["a.n"].AsInt()).Message, Does.StartWith($"{_directory}/x.conf:1:5: a.n: 'five' is not"));
    }

    [Test]
    public void Files_that_cannot_be_read_are_errors()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "dir.conf"));
        Assert.That(Error(() => ParseMain("include \"dir.conf\"")).Message, Does.StartWith($"{Main}:1:1: cannot include 'dir.conf': "));
        File.WriteAllBytes(Path.Combine(_directory, "latin.conf"), [.. "a = 1\nb = "u8, 0xE4, .. "\n"u8]);
        Assert.That(Error(() => ParseMain("include \"latin.conf\"")).Message, Is.EqualTo($"{_directory}/latin.conf:2:5: the file is not valid UTF-8; save it as UTF-8"));
        Assert.That(Error(() => HoconDocument.ParseFile(_directory)).Message, Does.StartWith($"{_directory}: the file cannot be read: "));
        var missing = Path.Combine(_directory, "none.conf");
        Assert.That(Error(() => HoconDocument.ParseFile(missing)).Message, Is.EqualTo($"{missing}: the file does not exist; create it, or correct the path"));
    }

    [Test]
    public void Includes_are_limited_in_depth_number_and_size()
    {
        var deep = Options with { ReadFile = name => $"include \"{name}x\"", BaseDirectory = "/d", MaxIncludeDepth = 5 };
        Assert.That(Message("include \"a\"", deep), Does.Contain("includes are nested deeper than 5 files"));
        // Twelve files that include the next one twice would be read thousands of times.
        var wide = Options with { ReadFile = name => name.Length > 15 ? "" : $"include \"{name}x\"\ninclude \"{name}x\"", BaseDirectory = "/d" };
        Assert.That(Message("include \"a\"", wide), Does.Contain("more than 1000 includes"));
        var large = Options with { ReadFile = _ => "a = \"" + new string('x', 600) + '"', BaseDirectory = "/d", MaxCharacters = 1_000 };
        Assert.That(Message("include \"a\"\ninclude \"b\"", large), Is.EqualTo("/d/b:1:1: the document has more than 1000 characters; split it, or raise HoconOptions.MaxCharacters"));
        Assert.That(
            Message("include \"/dev/zero\"", Options with { MaxCharacters = 1_000 }), Does.StartWith("/dev/zero:1:1: the document has more than"), "devices have no end");
    }

    private string Main => Path.Combine(_directory, "main.conf");

    private HoconObject ParseMain(string text)
    {
        Write("main.conf", text);
        return HoconDocument.ParseFile(Main, Options with { Environment = name => name == "HOME" ? "/home/me" : null });
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

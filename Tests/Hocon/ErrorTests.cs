using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>Malformed text: the position, the path and the advice, to the letter.</summary>
public class ErrorTests
{
    [TestCase("a = 1\nb {\n  c = [1, 2\n", "4:1: b.c: the array that begins at test.conf:3:7 is not closed; add ']'")]
    [TestCase("b {\n  c = 1\n", "3:1: b: the object that begins at test.conf:1:3 is not closed; add '}'")]
    [TestCase("{ a = 1", "1:8: the object that begins at test.conf:1:1 is not closed; add '}'")]
    [TestCase("a = 1\n}", "2:1: '}' closes nothing; remove it, or add the '{' that it belongs to")]
    [TestCase("{ a = 1 } b = 2", "1:11: unexpected 'b' after the root object was closed; remove it, or the '}' before it")]
    [TestCase("a = [1}", "1:7: a: unexpected '}' after an element; separate elements by a comma or a new line")]
    [TestCase("a = { b = 1 ]", "1:13: a: unexpected ']' after a value; separate fields by a comma or a new line")]
    [TestCase("[1, 2]", "1:1: the root is an array; it has to be an object, so give the array a key: name = [ ... ]")]
    [TestCase("a = ", "1:5: a: a value is missing; write one, or \"\" for an empty string")]
    [TestCase("a.b = , c = 1", "1:7: a.b: a value is missing; write one, or \"\" for an empty string")]
    [TestCase("x { a = }", "1:9: x.a: a value is missing; write one, or \"\" for an empty string")]
    [TestCase("a", "1:2: a: the key has no value; write key = value")]
    [TestCase("x { a }", "1:7: x.a: the key has no value; write key = value")]
    [TestCase("a\nb = 1", "2:1: a: unexpected 'b' after a key; write '=', ':', '+=' or '{', or put the key in quotes")]
    [TestCase("a + 1", "1:3: a: unexpected '+' after a key; write '=', ':', '+=' or '{', or put the key in quotes")]
    [TestCase("a@b = 1", "1:2: a: unexpected '@' after a key; write '=', ':', '+=' or '{', or put the key in quotes")]
    [TestCase("= 1", "1:1: unexpected '=' where a key should begin; put it in quotes if it is part of one")]
    [TestCase("${a} = 1", "1:1: unexpected '$' where a key should begin; put it in quotes if it is part of one")]
    [TestCase(", a = 1", "1:1: a comma without a field before it; remove it")]
    [TestCase("a = 1,, b = 2", "1:7: a comma without a field before it; remove it")]
    [TestCase("a = [,1]", "1:6: a: a comma without an element before it; remove it")]
    [TestCase("a = [1,,2]", "1:8: a: a comma without an element before it; remove it")]
    [TestCase("a..b = 1", "1:3: the key has an empty element; remove the '.', or write \"\" for an empty key")]
    [TestCase(".a = 1", "1:1: the key has an empty element; remove the '.', or write \"\" for an empty key")]
    [TestCase("q { a. = 1 }", "1:8: q: the key has an empty element; remove the '.', or write \"\" for an empty key")]
    [TestCase("a = ${.b}", "1:7: a: the substitution has an empty element; remove the '.', or write \"\" for an empty key")]
    [TestCase("a = ${}", "1:7: a: unexpected '}' where a substitution should begin; put it in quotes if it is part of one")]
    [TestCase("a = ${ ?b}", "1:8: a: unexpected '?' where a substitution should begin; put it in quotes if it is part of one")]
    [TestCase("a = ${b", "1:8: a: the text ends in the substitution that begins at test.conf:1:5; end it with '}'")]
    [TestCase("a = ${b\n}", "1:8: a: unexpected end of line in the substitution that begins at test.conf:1:5; end it with '}'")]
    [TestCase("a = ${b ${c}}", "1:9: a: unexpected '$' in the substitution that begins at test.conf:1:5; end it with '}'")]
    [TestCase("a = $b", "1:6: a: '$' begins a substitution ${path}; put it in quotes to mean the character")]
    [TestCase("a = x:y", "1:6: a: unexpected ':' in a value; put the text in quotes")]
    [TestCase("a = [x, y*]", "1:10: a[1]: unexpected '*' in a value; put the text in quotes")]
    [TestCase("a = \"x", "1:7: a: the string that begins at test.conf:1:5 is not closed; add '\"', or use \"\"\" for a string of several lines")]
    [TestCase("a = \"x\n\"", "1:7: a: the string that begins at test.conf:1:5 is not closed; add '\"', or use \"\"\" for a string of several lines")]
    [TestCase("a = \"\"\"x\ny\"\"", "2:4: a: the string that begins at test.conf:1:5 is not closed; add '\"\"\"'")]
    [TestCase("a = \"\\x\"", "1:7: a: unexpected 'x' after '\\'; the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX")]
    [TestCase("a = \"\\u12g4\"", "1:7: a: \\u is followed by four hexadecimal digits")]
    [TestCase("a = \"\\u12", "1:7: a: \\u is followed by four hexadecimal digits")]
    [TestCase("a = \"\t\"", "1:6: a: character U+0009 in a quoted string; write it as \\u0009")]
    [TestCase("a = \"x\" = 1", "1:9: a: unexpected '=' in a value; put the text in quotes")]
    [TestCase("a = { b = 1 } c = 2", "1:15: a: text and an object cannot be joined into one value; separate them by a comma or a new line")]
    [TestCase("l = [ { k = } ]", "1:13: l[0].k: a value is missing; write one, or \"\" for an empty string")]
    public void Malformed_text_is_an_error_with_position_path_and_advice(string text, string message) =>
        Assert.That(Message(text), Is.EqualTo("test.conf:" + message));

    [Test]
    public void Columns_count_after_multi_line_strings() =>
        Assert.That(Message("a = \"\"\"x\ny\"\"\" b }"), Is.EqualTo("test.conf:2:8: '}' closes nothing; remove it, or add the '{' that it belongs to"));

    [Test]
    public void Long_text_is_cut_in_messages()
    {
        var error = Error(() => Parse("a = " + new string('x', 1_000))["a"].AsInt());
        Assert.That(error.Message, Has.Length.LessThan(160));
    }
}

using System.Globalization;
using System.Text;

namespace Ouroboros.Hocon;

/// <summary>One document from text to syntax tree: recursive descent, the depth bounded by <see cref="HoconOptions.MaxDepth"/>.</summary>
internal sealed partial class Parser
{
    private readonly string _text;
    private readonly string _source;
    private readonly string? _directory;
    private readonly ParseContext _context;
    private Place? _place;
    private int _depth;
    private int _position;
    private int _line = 1;
    private int _lineStart;

    /// <summary>A parser of one text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="source">Its name, for origins.</param>
    /// <param name="directory">What its relative includes are relative to.</param>
    /// <param name="context">What it shares with the files that it includes.</param>
    /// <param name="place">Where its root will be.</param>
    /// <param name="depth">How deep that is.</param>
    public Parser(string text, string source, string? directory, ParseContext context, Place? place = null, int depth = 0)
    {
        _text = text;
        _source = source;
        _directory = directory;
        _context = context;
        _place = place;
        _depth = depth;
    }

    private int Current => _position < _text.Length ? _text[_position] : -1;

    private HoconOrigin Here => new(_source, _line, _position - _lineStart + 1);

    private bool AtComment => Current == '#' || (Current == '/' && _position + 1 < _text.Length && _text[_position + 1] == '/');

    /// <summary>Elements of a path expression that stands alone.</summary>
    public static IReadOnlyList<string> ParsePathExpression(string text)
    {
        var parser = new Parser(text, "<path>", null, new ParseContext(HoconOptions.Default));
        var path = parser.ParsePath("path");
        return parser.Current < 0 ? path : throw parser.Unexpected("in a path; put the element in quotes");
    }

    public SyntaxObject ParseDocument()
    {
        _context.Count(_text.Length, _source, _place);
        var root = new SyntaxObject(Here);
        SkipBlank();
        if (Current == '[') throw Error("the root is an array; it has to be an object, so give the array a key: name = [ ... ]");
        if (Current != '{')
        {
            ParseMembers(root, null);
            return root;
        }
        var open = Here;
        _position++;
        ParseMembers(root, open);
        SkipBlank();
        return Current < 0 ? root : throw Unexpected("after the root object was closed; remove it, or the '}' before it");
    }

    /// <summary>Members up to the closing brace of <paramref name="open"/>, or to the end where there is none.</summary>
    private void ParseMembers(SyntaxObject target, HoconOrigin? open)
    {
        while (true)
        {
            SkipBlank();
            switch (Current)
            {
                case < 0:
                    if (open is { } at) throw Error($"the object that begins at {at} is not closed; add '}}'");
                    return;
                case '}':
                    if (open is null) throw Error("'}' closes nothing; remove it, or add the '{' that it belongs to");
                    _position++;
                    return;
                case ',':
                    throw Error("a comma without a field before it; remove it");
            }
            ParseMember(target);
            var newLine = SkipBlank();
            if (Current == ',') _position++;
            else if (!newLine && Current is not (< 0 or '}')) throw Unexpected("after a value; separate fields by a comma or a new line");
        }
    }

    private void ParseMember(SyntaxObject target)
    {
        var origin = Here;
        if (AtInclude())
        {
            ParseInclude(target, origin);
            return;
        }
        var path = ParsePath("key");
        var outer = _place;
        var depth = _depth;
        _place = Place.Of(outer, path);
        _depth += path.Count - 1;
        SkipBlank();
        var append = false;
        switch (Current)
        {
            case ':' or '=':
                _position++;
                break;
            case '+' when _position + 1 < _text.Length && _text[_position + 1] == '=':
                _position += 2;
                append = true;
                break;
            case '{':
                break;
            case < 0 or ',' or '}':
                throw Error("the key has no value; write key = value");
            default:
                throw Unexpected("after a key; write '=', ':', '+=' or '{', or put the key in quotes");
        }
        SkipBlank();
        target.Members.Add(new SyntaxMember(origin, path, ParseValue(), append));
        _place = outer;
        _depth = depth;
    }

    /// <summary>Everything up to the end of the value: one part, or a concatenation of parts on one line.</summary>
    private SyntaxNode ParseValue()
    {
        var parts = new List<SyntaxNode>(1);
        SyntaxScalar? space = null;
        var origin = Here;
        while (Current is not (< 0 or '\n' or ',' or '}' or ']') && !AtComment)
        {
            if (IsSpace((char)Current))
            {
                var start = Here;
                space = new SyntaxScalar(start, ReadSpace(), false, true);
                continue;
            }
            if (space is not null && parts.Count > 0) parts.Add(space);
            space = null;
            parts.Add(ParsePart());
            CheckParts(parts);
        }
        return parts.Count switch
        {
            0 => throw Error("a value is missing; write one, or \"\" for an empty string"),
            1 => parts[0],
            _ => Concatenate(origin, parts),
        };
    }

    private SyntaxNode ParsePart()
    {
        var origin = Here;
        switch (Current)
        {
            case '{':
                return ParseObject();
            case '[':
                return ParseArray();
            case '"':
                return new SyntaxScalar(origin, ReadQuoted(), true);
            case '$':
                return ParseSubstitution();
        }
        var text = ReadUnquoted();
        return text.Length > 0 ? new SyntaxScalar(origin, text, false) : throw Unexpected("in a value; put the text in quotes");
    }

    private SyntaxNode Concatenate(HoconOrigin origin, List<SyntaxNode> parts)
    {
        if (parts.TrueForAll(p => p is SyntaxScalar))
        {
            var text = string.Concat(parts.Select(p => ((SyntaxScalar)p).Text));
            return new SyntaxScalar(origin, text, parts.Exists(p => ((SyntaxScalar)p).Quoted));
        }
        if (parts.Exists(p => p is SyntaxObject or SyntaxArray)) parts.RemoveAll(p => p is SyntaxScalar { IsSpace: true });
        return new SyntaxConcatenation(origin, parts);
    }

    /// <summary>Text beside an object or array is refused where it stands, before what follows confuses the matter.</summary>
    private void CheckParts(List<SyntaxNode> parts)
    {
        if (parts.Count < 2 || parts[^1] is SyntaxSubstitution) return;
        var container = parts.Find(p => p is SyntaxObject or SyntaxArray);
        if (container is null || parts.Find(p => p is SyntaxScalar { IsSpace: false }) is not { } scalar) return;
        var what = container is SyntaxObject ? "an object" : "an array";
        throw new HoconException(scalar.Origin, Place.Name(_place), $"text and {what} cannot be joined into one value; separate them by a comma or a new line");
    }

    private SyntaxObject ParseObject()
    {
        var obj = new SyntaxObject(Here);
        Descend();
        _position++;
        ParseMembers(obj, obj.Origin);
        _depth--;
        return obj;
    }

    private SyntaxArray ParseArray()
    {
        var array = new SyntaxArray(Here);
        Descend();
        _position++;
        var outer = _place;
        while (true)
        {
            SkipBlank();
            if (Current < 0) throw Error($"the array that begins at {array.Origin} is not closed; add ']'");
            if (Current == ']') break;
            if (Current == ',') throw Error("a comma without an element before it; remove it");
            _place = new Place(outer, null, array.Items.Count);
            array.Items.Add(ParseValue());
            _place = outer;
            var newLine = SkipBlank();
            if (Current == ',') _position++;
            else if (!newLine && Current is not (< 0 or ']')) throw Unexpected("after an element; separate elements by a comma or a new line");
        }
        _position++;
        _depth--;
        return array;
    }

    private SyntaxSubstitution ParseSubstitution()
    {
        var origin = Here;
        _position++;
        if (Current != '{') throw Error("'$' begins a substitution ${path}; put it in quotes to mean the character");
        _position++;
        var optional = Current == '?';
        if (optional) _position++;
        var path = ParsePath("substitution");
        var list = Current == '[' && _position + 1 < _text.Length && _text[_position + 1] == ']';
        if (list) _position += 2;
        if (Current != '}') throw Unexpected($"in the substitution that begins at {origin}; end it with '}}'");
        _position++;
        return new SyntaxSubstitution(origin, path, optional, list);
    }

    /// <summary>A path up to a character that cannot be part of one; white space around it is dropped, between its parts it counts.</summary>
    private List<string> ParsePath(string what)
    {
        var path = new List<string>();
        var element = new StringBuilder();
        var quoted = false;
        var space = "";
        SkipSpace();
        var start = Here;
        while (Current is not (< 0 or '\n') && !AtComment)
        {
            var c = (char)Current;
            if (IsSpace(c))
            {
                space = ReadSpace();
                continue;
            }
            if (c != '"' && IsReserved(c)) break;
            element.Append(space);
            space = "";
            if (c == '"')
            {
                element.Append(ReadQuoted());
                quoted = true;
            }
            else if (c == '.')
            {
                EndElement(path, element, quoted, what, start);
                quoted = false;
                _position++;
            }
            else
            {
                element.Append(c);
                _position++;
            }
        }
        if (path.Count == 0 && element.Length == 0 && !quoted)
            throw Current < 0 || AtComment || Current == '\n' ? Error($"a {what} is missing") : Unexpected($"where a {what} should begin; put it in quotes if it is part of one");
        EndElement(path, element, quoted, what, start);
        return path;
    }

    private void EndElement(List<string> path, StringBuilder element, bool quoted, string what, HoconOrigin start)
    {
        if (!quoted && (element.Length == 0 || string.IsNullOrWhiteSpace(element.ToString())))
            throw Error($"the {what} has an empty element; remove the '.', or write \"\" for an empty key");
        path.Add(element.ToString());
        element.Clear();
        if (_depth + path.Count > _context.Options.MaxDepth) throw TooDeep(start);
    }

    private void Descend()
    {
        if (++_depth > _context.Options.MaxDepth || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw TooDeep(Here);
    }

    private HoconException TooDeep(HoconOrigin at) => new(at, Place.Name(_place), $"nested deeper than {_context.Options.MaxDepth} levels; flatten it, or raise HoconOptions.MaxDepth");

    private HoconException Error(string reason) => new(Here, Place.Name(_place), reason);

    private HoconException Unexpected(string where) => Current < 0
        ? Error($"the text ends {where}")
        : Error($"unexpected {Show((char)Current)} {where}");

    private static string Show(char c) => c == '\n' ? "end of line" : char.IsControl(c) || char.IsSurrogate(c)
        ? "character U+" + ((int)c).ToString("X4", CultureInfo.InvariantCulture)
        : $"'{c}'";
}

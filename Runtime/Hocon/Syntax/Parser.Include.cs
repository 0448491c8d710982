namespace Ouroboros.Hocon;

/// <summary>Include statements.</summary>
internal sealed partial class Parser
{
    private const string Include = "include";

    /// <summary>The unquoted word <c>include</c> where a key could begin.</summary>
    private bool AtInclude()
    {
        if (!_text.AsSpan(_position).StartsWith(Include)) return false;
        var end = _position + Include.Length;
        return end == _text.Length || _text[end] == '\n' || IsSpace(_text[end]) || IsReserved(_text[end])
            || _text.AsSpan(end).StartsWith("//");
    }

    private void ParseInclude(SyntaxObject target, HoconOrigin origin)
    {
        _position += Include.Length;
        SkipBlank();
        var required = TryOpen("required");
        string name;
        if (TryOpen("file"))
        {
            name = ReadName();
            Close();
        }
        else
        {
            foreach (var other in (string[])["classpath", "url", "package"])
            {
                if (_text.AsSpan(_position).StartsWith(other + "("))
                    throw Error($"include {other}(...) is not supported; include a file: include \"name.conf\"");
            }
            name = ReadName();
            if (name.Contains("://", StringComparison.Ordinal))
                throw new HoconException(origin, Place.Name(_place), $"include of the URL {HoconException.Quote(name)} is not supported; include a file: include \"name.conf\"");
        }
        if (required) Close();
        foreach (var (text, source, directory, id) in _context.Open(name, _directory, _source, required, origin, _place))
        {
            _context.Enter(id, origin, _place);
            var parser = new Parser(text, source, directory, _context, _place, _depth);
            target.Members.Add(new SyntaxMember(origin, parser.ParseDocument()));
            _context.Leave();
        }
    }

    private bool TryOpen(string function)
    {
        if (!_text.AsSpan(_position).StartsWith(function + "(")) return false;
        _position += function.Length + 1;
        SkipBlank();
        return true;
    }

    private void Close()
    {
        SkipBlank();
        if (Current != ')') throw Unexpected("in an include; end it with ')'");
        _position++;
    }

    private string ReadName()
    {
        if (Current != '"')
            throw Unexpected("after include; write include \"file.conf\", or put the key \"include\" in quotes");
        var at = Here;
        var name = ReadQuoted();
        return name.Length > 0 ? name : throw new HoconException(at, Place.Name(_place), "the name of the included file is empty");
    }
}

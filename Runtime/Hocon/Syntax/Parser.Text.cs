using System.Globalization;
using System.Text;

namespace Ouroboros.Hocon;

/// <summary>The characters: white space, comments, quoted and unquoted text.</summary>
internal sealed partial class Parser
{
    /// <summary>Characters that unquoted text cannot hold (HOCON specification, "Unquoted strings").</summary>
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    private static bool IsReserved(char c) => Reserved.Contains(c, StringComparison.Ordinal);

    /// <summary>White space of the specification, without the new line, which separates.</summary>
    private static bool IsSpace(char c) =>
        c is ' ' or '\t' or '\r' or '\v' or '\f' or (>= '\u001C' and <= '\u001F') or '\uFEFF' || (c > '\u007F' && char.IsSeparator(c));

    private void SkipSpace()
    {
        while (_position < _text.Length && IsSpace(_text[_position])) _position++;
    }

    private string ReadSpace()
    {
        var start = _position;
        SkipSpace();
        return _text[start.._position];
    }

    /// <summary>Skips white space, comments and new lines; true when there was a new line.</summary>
    private bool SkipBlank()
    {
        var newLine = false;
        while (true)
        {
            SkipSpace();
            if (Current == '\n')
            {
                newLine = true;
                NextLine();
            }
            else if (AtComment)
            {
                while (_position < _text.Length && _text[_position] != '\n') _position++;
            }
            else
            {
                return newLine;
            }
        }
    }

    private void NextLine()
    {
        _position++;
        _line++;
        _lineStart = _position;
    }

    private string ReadUnquoted()
    {
        var start = _position;
        var number = Current == '-' || (Current >= 0 && char.IsAsciiDigit((char)Current));
        while (_position < _text.Length && !AtComment)
        {
            var c = _text[_position];
            // The only place of a '+' outside quotes is the exponent of a number.
            if (c == '+' && number && _text[_position - 1] is 'e' or 'E' && _position + 1 < _text.Length && char.IsAsciiDigit(_text[_position + 1]))
            {
                _position++;
                continue;
            }
            if (c == '\n' || IsSpace(c) || IsReserved(c)) break;
            number &= char.IsAsciiDigit(c) || c is '-' or '.' or 'e' or 'E';
            _position++;
        }
        return _text[start.._position];
    }

    private string ReadQuoted()
    {
        var open = Here;
        if (_text.AsSpan(_position).StartsWith("\"\"\"")) return ReadMultiLine(open);
        _position++;
        var text = new StringBuilder();
        while (true)
        {
            switch (Current)
            {
                case '"':
                    _position++;
                    return text.ToString();
                case '\\':
                    text.Append(ReadEscape());
                    break;
                case < 0 or '\n':
                    throw Error($"the string that begins at {open} is not closed; add '\"', or use \"\"\" for a string of several lines");
                case < ' ':
                    throw Error($"{Show((char)Current)} in a quoted string; write it as \\u{Current:x4}");
                default:
                    text.Append(_text[_position++]);
                    break;
            }
        }
    }

    private string ReadMultiLine(HoconOrigin open)
    {
        _position += 3;
        var start = _position;
        while (!_text.AsSpan(_position).StartsWith("\"\"\""))
        {
            if (Current < 0) throw Error($"the string that begins at {open} is not closed; add '\"\"\"'");
            if (Current == '\n') NextLine();
            else _position++;
        }
        // Quotes beyond the third belong to the string.
        var end = _position;
        while (end + 3 < _text.Length && _text[end + 3] == '"') end++;
        _position = end + 3;
        return _text[start..end];
    }

    private char ReadEscape()
    {
        _position++;
        var c = Current;
        switch (c)
        {
            case '"' or '\\' or '/':
                _position++;
                return (char)c;
            case 'b':
                _position++;
                return '\b';
            case 'f':
                _position++;
                return '\f';
            case 'n':
                _position++;
                return '\n';
            case 'r':
                _position++;
                return '\r';
            case 't':
                _position++;
                return '\t';
            case 'u' when _position + 5 <= _text.Length && ushort.TryParse(
                _text.AsSpan(_position + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _position += 5;
                return (char)code;
            case 'u':
                throw Error("\\u is followed by four hexadecimal digits");
            default:
                throw Unexpected("after '\\'; the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX");
        }
    }
}

using System.Globalization;
using System.Text;

namespace Ouroboros.Hocon;

/// <summary>Writes values as HOCON or JSON. Depth is bounded by the limit that the tree was built under.</summary>
internal sealed class Renderer
{
    private readonly StringBuilder _text = new();
    private readonly bool _json;
    private readonly bool _indented;

    private Renderer(HoconFormat format, bool indented)
    {
        _json = format == HoconFormat.Json;
        _indented = indented;
    }

    public static string Render(HoconValue value, HoconFormat format, bool indented)
    {
        var renderer = new Renderer(format, indented);
        // The braces of a HOCON root are optional, and most files go without.
        if (value is HoconObject { Count: > 0 } root && format == HoconFormat.Hocon && indented) renderer.Members(root, 0);
        else renderer.Value(value, 0);
        return renderer._text.ToString();
    }

    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2);
        Quote(quoted, text);
        return quoted.ToString();
    }

    private static void Quote(StringBuilder to, string text)
    {
        to.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '"': to.Append("\\\""); break;
                case '\\': to.Append("\\\\"); break;
                case '\n': to.Append("\\n"); break;
                case '\r': to.Append("\\r"); break;
                case '\t': to.Append("\\t"); break;
                case '\b': to.Append("\\b"); break;
                case '\f': to.Append("\\f"); break;
                default:
                    if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) to.Append(c).Append(text[++i]);
                    else if (char.IsControl(c) || char.IsSurrogate(c)) to.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    else to.Append(c);
                    break;
            }
        }
        to.Append('"');
    }

    private void Value(HoconValue value, int level)
    {
        switch (value)
        {
            case HoconScalar { Kind: HoconValueKind.String } text:
                Quote(_text, text.Text);
                break;
            case HoconScalar scalar:
                _text.Append(scalar.Text);
                break;
            case HoconArray array:
                Array(array, level);
                break;
            case HoconObject { Count: 0 }:
                _text.Append("{}");
                break;
            case HoconObject obj:
                _text.Append('{');
                NewLine(level + 1);
                Members(obj, level + 1);
                NewLine(level);
                _text.Append('}');
                break;
        }
    }

    private void Members(HoconObject obj, int level)
    {
        var first = true;
        foreach (var (key, value, _) in obj.Slots)
        {
            if (!first) Separate(level);
            first = false;
            // "include" is the one plain word that cannot begin a member.
            if (_json || !HoconPath.IsPlain(key) || key == "include") Quote(_text, key);
            else _text.Append(key);
            if (_json) _text.Append(_indented ? ": " : ":");
            else _text.Append(value is HoconObject { Count: > 0 } ? " " : " = ");
            Value(value, level);
        }
    }

    private void Array(HoconArray array, int level)
    {
        if (array.Count == 0)
        {
            _text.Append("[]");
            return;
        }
        _text.Append('[');
        NewLine(level + 1);
        for (var i = 0; i < array.Count; i++)
        {
            if (i > 0) Separate(level + 1);
            Value(array[i], level + 1);
        }
        NewLine(level);
        _text.Append(']');
    }

    private void Separate(int level)
    {
        if (_json || !_indented) _text.Append(',');
        NewLine(level);
    }

    private void NewLine(int level)
    {
        if (_indented) _text.Append('\n').Append(' ', level * 2);
    }
}

using System.Text;

namespace Ouroboros.Tests.Samples;

/// <summary>What a tool printed so far; safe to be read while it prints.</summary>
public sealed class ToolOutput : TextWriter
{
    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get { lock (_lock) return _text.ToString(); }
    }

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override void Write(char value)
    {
        lock (_lock) _text.Append(value);
    }

    public override void Write(string? value)
    {
        lock (_lock) _text.Append(value);
    }

    public override void WriteLine(string? value)
    {
        lock (_lock) _text.Append(value).Append('\n');
    }
}

using System.Globalization;

namespace Ouroboros.Samples;

/// <summary>
/// Walks over a command line as the reference's tools do: every option stands alone, short options are not joined, a value is the next
/// word whatever it looks like. Unlike there, a number must be a number to its end.
/// </summary>
public sealed class ArgumentReader(IReadOnlyList<string> arguments)
{
    private int _next;

    /// <summary>Whether a command line asks how the tool is used; that goes before everything else on it.</summary>
    public static bool AsksForHelp(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Any(a => a is "--help" or "-h");
    }

    /// <summary>The option that is being looked at.</summary>
    public string Current { get; private set; } = "";

    /// <summary>Steps to the next word; false at the end.</summary>
    public bool MoveNext()
    {
        if (_next >= arguments.Count) return false;
        Current = arguments[_next++];
        return true;
    }

    /// <summary>Whether the current word is this option without a value.</summary>
    public bool Is(params ReadOnlySpan<string> names) => names.Contains(Current);

    /// <summary>Whether the current word is this option, and the value that follows.</summary>
    /// <exception cref="UsageException">Nothing follows.</exception>
    public bool Is(string shortName, string longName, out string value)
    {
        value = "";
        if (!Is(shortName, longName)) return false;
        if (_next >= arguments.Count) throw new UsageException($"{Current} needs a value; --help lists the options.");
        value = arguments[_next++];
        return true;
    }

    /// <summary>What to say about the current word when it is no option.</summary>
    public UsageException Unknown() => new($"{Current} is unknown; --help lists the options.");

    /// <summary>A number from 0 to <paramref name="max"/>.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static int Number(string text, int max = int.MaxValue) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw new UsageException($"Invalid number: {text}.");

    /// <summary>A time in milliseconds: N, or N followed by <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
    /// <exception cref="UsageException">There is no number, the unit is none of these, or the time does not fit.</exception>
    public static long Milliseconds(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits < 0) digits = text.Length;
        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new UsageException($"Invalid time: {text}.");
        }
        long unit = text[digits..] switch
        {
            "" or "ms" => 1,
            "s" => 1000,
            "m" => 60 * 1000,
            "h" => 60 * 60 * 1000,
            "d" => 24 * 60 * 60 * 1000,
            var other => throw new UsageException($"Unknown time unit: {other}."),
        };
        if (number > LongestTime / unit) throw new UsageException($"Invalid time: {text}.");
        return number * unit;
    }

    // What a TimeSpan holds, with room for sums.
    private const long LongestTime = long.MaxValue / TimeSpan.TicksPerMillisecond / 2;
}

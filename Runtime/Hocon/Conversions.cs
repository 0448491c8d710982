using System.Globalization;

namespace Ouroboros.Hocon;

/// <summary>Scalars as numbers, booleans, durations and sizes, by the rules of the HOCON specification ("API Recommendations").</summary>
internal static class Conversions
{
    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const string TimeUnits = "ns, us, ms, s, m, h, d";
    private const string SizeUnits = "B, kB, MB, GB, K, KiB, M, MiB, G, GiB";

    /// <summary>An optional minus, digits, then optional fraction and exponent.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text[0] == '-') text = text[1..];
        if (!Digits(ref text)) return false;
        if (text.Length > 0 && text[0] == '.')
        {
            text = text[1..];
            if (!Digits(ref text)) return false;
        }
        if (text.Length > 0 && text[0] is 'e' or 'E')
        {
            text = text[1..];
            if (text.Length > 0 && text[0] is '+' or '-') text = text[1..];
            if (!Digits(ref text)) return false;
        }
        return text.Length == 0;
    }

    /// <summary>A number that JSON accepts: no leading zeros.</summary>
    public static bool IsJsonNumber(string text)
    {
        if (!IsNumber(text)) return false;
        var first = text[0] == '-' ? 1 : 0;
        return text[first] != '0' || first + 1 == text.Length || !char.IsAsciiDigit(text[first + 1]);
    }

    public static long ToLong(HoconScalar scalar, long min, long max)
    {
        var text = scalar.Text.AsSpan().Trim();
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || text[0] == '+')
        {
            if (!IsNumber(text)) throw HoconException.At(scalar, $"{scalar.Describe()} is not a whole number; write digits only");
            if (!decimal.TryParse(text, Real, CultureInfo.InvariantCulture, out var real) || real < long.MinValue || real > long.MaxValue)
                throw HoconException.At(scalar, $"{scalar.Describe()} is out of range; the largest number possible here is {max}");
            if (real != decimal.Truncate(real)) throw HoconException.At(scalar, $"{scalar.Describe()} is not a whole number; drop the fraction");
            number = (long)real;
        }
        return number >= min && number <= max
            ? number
            : throw HoconException.At(scalar, $"{number} is out of range; allowed are {min} to {max}");
    }

    public static double ToDouble(HoconScalar scalar)
    {
        var text = scalar.Text.AsSpan().Trim();
        if (!IsNumber(text) || !double.TryParse(text, Real, CultureInfo.InvariantCulture, out var number))
            throw HoconException.At(scalar, $"{scalar.Describe()} is not a number");
        return double.IsFinite(number) ? number : throw HoconException.At(scalar, $"{scalar.Describe()} is out of range of a number");
    }

    public static bool ToBoolean(HoconScalar scalar) => scalar.Text switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw HoconException.At(scalar, $"{scalar.Describe()} is not a boolean; write true or false (or yes, no, on, off)"),
    };

    public static TimeSpan ToDuration(HoconScalar scalar, HoconTimeUnit defaultUnit)
    {
        if (scalar.Text.AsSpan().Trim() is "infinite") return Timeout.InfiniteTimeSpan;
        var (number, unit) = Split(scalar, "a duration", "write a number and a unit, such as 10 s, or infinite");
        var ticks = unit switch
        {
            "" => TicksOf(defaultUnit),
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => TicksOf(HoconTimeUnit.Nanoseconds),
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TicksOf(HoconTimeUnit.Microseconds),
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TicksOf(HoconTimeUnit.Milliseconds),
            "s" or "second" or "seconds" => TicksOf(HoconTimeUnit.Seconds),
            "m" or "minute" or "minutes" => TicksOf(HoconTimeUnit.Minutes),
            "h" or "hour" or "hours" => TicksOf(HoconTimeUnit.Hours),
            "d" or "day" or "days" => TicksOf(HoconTimeUnit.Days),
            _ => throw HoconException.At(scalar, $"{HoconException.Quote(unit)} is not a unit of time; use one of {TimeUnits}"),
        };
        return number <= TimeSpan.MaxValue.Ticks / ticks
            ? new TimeSpan((long)decimal.Ceiling(number * ticks))
            : throw HoconException.At(scalar, $"{scalar.Describe()} is too long for a duration; write infinite, or at most {TimeSpan.MaxValue.Days} d");
    }

    public static long ToSize(HoconScalar scalar)
    {
        var (number, unit) = Split(scalar, "a size", "write a number and a unit, such as 128 KiB");
        var factor = SizeFactor(unit) ?? throw HoconException.At(scalar, $"{HoconException.Quote(unit)} is not a unit of size; use one of {SizeUnits}");
        return number <= long.MaxValue / factor
            ? (long)decimal.Truncate(number * factor)
            : throw HoconException.At(scalar, $"{scalar.Describe()} is out of range; sizes go up to {long.MaxValue} bytes");
    }

    private static decimal TicksOf(HoconTimeUnit unit) => unit switch
    {
        HoconTimeUnit.Nanoseconds => 0.01m,
        HoconTimeUnit.Microseconds => TimeSpan.TicksPerMicrosecond,
        HoconTimeUnit.Milliseconds => TimeSpan.TicksPerMillisecond,
        HoconTimeUnit.Seconds => TimeSpan.TicksPerSecond,
        HoconTimeUnit.Minutes => TimeSpan.TicksPerMinute,
        HoconTimeUnit.Hours => TimeSpan.TicksPerHour,
        HoconTimeUnit.Days => TimeSpan.TicksPerDay,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    private static decimal? SizeFactor(string unit)
    {
        if (unit is "" or "B" or "b" or "byte" or "bytes") return 1;
        const string Letters = "KMGTPEZY";
        string[] decimals = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
        string[] binaries = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];
        decimal thousands = 1, binary = 1;
        for (var i = 0; i < Letters.Length; i++)
        {
            thousands *= 1000;
            binary *= 1024;
            var letter = Letters[i];
            if (unit == (i == 0 ? "kB" : $"{letter}B") || IsByteWord(unit, decimals[i])) return thousands;
            if ((unit.Length == 1 && char.ToUpperInvariant(unit[0]) == letter) || unit == $"{letter}i" || unit == $"{letter}iB" || IsByteWord(unit, binaries[i]))
                return binary;
        }
        return null;
    }

    private static bool IsByteWord(string unit, string prefix) => unit == $"{prefix}byte" || unit == $"{prefix}bytes";

    /// <summary>A number and the letters that follow it.</summary>
    private static (decimal Number, string Unit) Split(HoconScalar scalar, string what, string advice)
    {
        var text = scalar.Text.AsSpan().Trim();
        var letters = text.Length;
        while (letters > 0 && char.IsLetter(text[letters - 1])) letters--;
        var digits = text[..letters].TrimEnd();
        if (!IsNumber(digits)) throw HoconException.At(scalar, $"{scalar.Describe()} is not {what}; {advice}");
        if (digits[0] == '-') throw HoconException.At(scalar, $"{scalar.Describe()} is negative, which {what} cannot be");
        return decimal.TryParse(digits, Real, CultureInfo.InvariantCulture, out var number)
            ? (number, text[letters..].ToString())
            : throw HoconException.At(scalar, $"{scalar.Describe()} is out of range");
    }

    private static bool Digits(ref ReadOnlySpan<char> text)
    {
        var n = 0;
        while (n < text.Length && char.IsAsciiDigit(text[n])) n++;
        text = text[n..];
        return n > 0;
    }
}

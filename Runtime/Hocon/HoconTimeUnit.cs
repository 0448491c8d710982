namespace Ouroboros.Hocon;

/// <summary>Unit of a duration that is written as a bare number.</summary>
public enum HoconTimeUnit
{
    /// <summary>ns.</summary>
    Nanoseconds,

    /// <summary>us.</summary>
    Microseconds,

    /// <summary>ms: the default of the specification.</summary>
    Milliseconds,

    /// <summary>s.</summary>
    Seconds,

    /// <summary>m.</summary>
    Minutes,

    /// <summary>h.</summary>
    Hours,

    /// <summary>d.</summary>
    Days,
}

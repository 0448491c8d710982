namespace Akka.Event;

/// <summary>How grave a log event is.</summary>
public enum LogLevel
{
    /// <summary>For whoever looks for a fault.</summary>
    DebugLevel,

    /// <summary>Worth knowing.</summary>
    InfoLevel,

    /// <summary>May become a fault.</summary>
    WarningLevel,

    /// <summary>A fault.</summary>
    ErrorLevel,
}

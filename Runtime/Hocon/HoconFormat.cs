namespace Ouroboros.Hocon;

/// <summary>Format of rendered text.</summary>
public enum HoconFormat
{
    /// <summary>HOCON: <c>key = value</c>, keys unquoted where they can be, no commas.</summary>
    Hocon,

    /// <summary>JSON.</summary>
    Json,
}

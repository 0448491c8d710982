namespace Ouroboros.Hocon;

/// <summary>What a value is as written; typed getters convert between strings, numbers and booleans.</summary>
public enum HoconValueKind
{
    /// <summary>A <see cref="HoconObject"/>.</summary>
    Object,

    /// <summary>A <see cref="HoconArray"/>.</summary>
    Array,

    /// <summary>A scalar that is text.</summary>
    String,

    /// <summary>An unquoted scalar that is a JSON number.</summary>
    Number,

    /// <summary>An unquoted <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>An unquoted <c>null</c>.</summary>
    Null,
}

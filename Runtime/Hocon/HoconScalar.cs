namespace Ouroboros.Hocon;

/// <summary>A string, number, boolean or null, kept as it was written.</summary>
public sealed class HoconScalar : HoconValue
{
    internal HoconScalar(HoconOrigin origin, string text, bool isQuoted, HoconValue? parent = null, string? key = null, int index = 0)
        : base(origin, parent, key, index)
    {
        Text = text;
        IsQuoted = isQuoted;
    }

    /// <summary>The text: of a string without its quotes, of anything else as it was written.</summary>
    public string Text { get; }

    /// <summary>A string for certain: it was in quotes, or was put together by a substitution.</summary>
    public bool IsQuoted { get; }

    /// <summary>An unquoted <c>null</c>.</summary>
    public bool IsNull => !IsQuoted && Text == "null";

    /// <inheritdoc/>
    public override HoconValueKind Kind
    {
        get
        {
            if (IsQuoted) return HoconValueKind.String;
            if (Text == "null") return HoconValueKind.Null;
            if (Text is "true" or "false") return HoconValueKind.Boolean;
            return Conversions.IsJsonNumber(Text) ? HoconValueKind.Number : HoconValueKind.String;
        }
    }

    internal override int Height => 1;
}

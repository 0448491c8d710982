using System.Globalization;

namespace Ouroboros.Layers.Rib;

/// <summary>Texts as the reference's RIB has them (tools-and-rib.md 8 and 9).</summary>
public static class RibText
{
    /// <summary>A date, 25 characters: <c>2026-11-20 23:26:20 (UTC)</c>.</summary>
    public static string Date(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '(UTC)'", CultureInfo.InvariantCulture);
}

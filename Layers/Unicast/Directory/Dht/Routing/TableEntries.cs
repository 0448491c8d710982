namespace Ouroboros.Layers.Unicast.Directory.Dht.Routing;

/// <summary>Searches in the entries of a bucket.</summary>
internal static class TableEntries
{
    /// <summary>The first that never answered; -1 when all did.</summary>
    public static int IndexOfUnverified(this Span<TableEntry> entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (!entries[i].Verified) return i;
        }
        return -1;
    }

    /// <summary>The last that answered; -1 when none did.</summary>
    public static int LastIndexOfVerified(this Span<TableEntry> entries)
    {
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].Verified) return i;
        }
        return -1;
    }

    /// <summary>The one with most missed answers of those with at least <paramref name="least"/>; -1 when there is none.</summary>
    public static int IndexOfMostMissed(this Span<TableEntry> entries, int least)
    {
        var found = -1;
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Missed < least) continue;
            least = entries[i].Missed + 1;
            found = i;
        }
        return found;
    }
}

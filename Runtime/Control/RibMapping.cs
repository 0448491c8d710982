using Ouroboros.Layers.Rib;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>Entries of the RIB as records. A text is cut into pieces that fit into a record each.</summary>
internal static class RibMapping
{
    // Characters; none takes more than three bytes in UTF-8, and a surrogate pair four.
    private const int PieceLength = 2000;

    public static RibEntryMsg ToWire(RibEntry entry) => new() { Path = entry.Path, Directory = entry.IsDirectory };

    public static RibEntry FromWire(RibEntryMsg message) => new(message.Path, message.Directory);

    public static IEnumerable<RibEntryMsg> ToWire(string path, RibFile file)
    {
        var start = 0;
        do
        {
            var length = Math.Min(PieceLength, file.Text.Length - start);
            if (length > 1 && char.IsHighSurrogate(file.Text[start + length - 1])) length--;
            var message = new RibEntryMsg { Path = path, Text = file.Text.Substring(start, length) };
            if (file.Modified is { } modified) message.Modified = modified.ToUnixTimeMilliseconds();
            yield return message;
            start += length;
        }
        while (start < file.Text.Length);
    }

    public static RibFile FileFromWire(IReadOnlyList<RibEntryMsg> messages) => new(
        string.Concat(messages.Select(m => m.Text)),
        messages is [{ HasModified: true } first, ..] ? DateTimeOffset.FromUnixTimeMilliseconds(first.Modified) : null);
}

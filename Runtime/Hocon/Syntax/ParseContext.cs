using System.Runtime.CompilerServices;
using System.Text;

namespace Ouroboros.Hocon;

/// <summary>What a document shares with the files it includes: limits, the chain of open files, and how files are read.</summary>
internal sealed class ParseContext(HoconOptions options)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private readonly List<string> _open = [];
    private long _characters;
    private int _includes;

    public HoconOptions Options { get; } = options;

    /// <summary>Counts the characters of one more text.</summary>
    public void Count(int characters, string source, Place? place)
    {
        _characters += characters;
        if (_characters > Options.MaxCharacters) throw TooLarge(source, place);
    }

    /// <summary>Begins a file: it must not be open already.</summary>
    public void Enter(string file, HoconOrigin origin, Place? place)
    {
        if (_open.Contains(file))
        {
            var chain = string.Join(" -> ", _open[_open.IndexOf(file)..].Append(file));
            throw new HoconException(origin, Place.Name(place), $"the include makes a circle: {chain}; remove one of these includes");
        }
        if (_open.Count > Options.MaxIncludeDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new HoconException(origin, Place.Name(place), $"includes are nested deeper than {Options.MaxIncludeDepth} files; flatten them, or raise HoconOptions.MaxIncludeDepth");
        _open.Add(file);
    }

    public void Leave() => _open.RemoveAt(_open.Count - 1);

    /// <summary>The files that an include names: none, the one, or <c>name.json</c> and <c>name.conf</c> where the name has no extension.</summary>
    public List<(string Text, string Source, string? Directory, string Id)> Open(
        string name, string? directory, string includer, bool required, HoconOrigin origin, Place? place)
    {
        if (++_includes > Options.MaxIncludes)
            throw new HoconException(origin, Place.Name(place), $"more than {Options.MaxIncludes} includes; merge some files, or raise HoconOptions.MaxIncludes");
        HoconException Fail(string why, Exception? inner = null) =>
            new(origin, Place.Name(place), $"cannot include {HoconException.Quote(name)}: {why}", inner);
        if (name.Contains('\0', StringComparison.Ordinal)) throw Fail("the name holds a NUL character; remove it");
        if (!Path.IsPathRooted(name) && directory is null)
            throw Fail($"{includer} is not a file that the name could be relative to; use an absolute path, or set HoconOptions.BaseDirectory");
        var path = directory is null ? name : Path.Combine(directory, name);
        var found = new List<(string, string, string?, string)>();
        string[] names = Path.HasExtension(name) ? [path] : [path, path + ".json", path + ".conf"];
        foreach (var file in names)
        {
            try
            {
                // A name without extension that exists as it is stands for itself only.
                if (Read(file, place) is not { } text) continue;
                found.Add((text, file, Path.GetDirectoryName(file) ?? "", Path.GetFullPath(file)));
                if (ReferenceEquals(file, path)) break;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw Fail(e.Message, e);
            }
        }
        return found.Count > 0 || !required ? found : throw Fail($"{path} does not exist; create it, or drop required(...)");
    }

    /// <summary>The text of a file, null when there is none.</summary>
    public string? Read(string file, Place? place)
    {
        if (Options.ReadFile is not null) return Options.ReadFile(file);
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new MemoryStream();
            var chunk = new byte[16 * 1024];
            // A character is at most three bytes long; what is larger is too large whatever it holds, and devices have no length to ask for.
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                bytes.Write(chunk, 0, read);
                if (bytes.Length > 3L * Options.MaxCharacters) throw TooLarge(file, place);
            }
            return Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), file, place);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string file, Place? place)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes[..Math.Clamp(e.Index, 0, bytes.Length)];
            var line = 1 + before.Count((byte)'\n');
            var column = before.Length - before.LastIndexOf((byte)'\n');
            throw new HoconException(new HoconOrigin(file, line, column), Place.Name(place), "the file is not valid UTF-8; save it as UTF-8", e);
        }
    }

    private HoconException TooLarge(string source, Place? place) => new(
        new HoconOrigin(source, 1, 1), Place.Name(place), $"the document has more than {Options.MaxCharacters} characters; split it, or raise HoconOptions.MaxCharacters");
}

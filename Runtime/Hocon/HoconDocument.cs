using System.Runtime.CompilerServices;

namespace Ouroboros.Hocon;

/// <summary>
/// A parsed document whose substitutions are not resolved yet, over any number of fallbacks. Parse, add the fallbacks, then
/// <see cref="Resolve"/>: a substitution of the defaults then sees the user's values, and the other way round. Immutable.
/// </summary>
public sealed class HoconDocument
{
    private readonly HoconOptions _options;
    private readonly IReadOnlyList<SyntaxObject> _layers;

    private HoconDocument(IReadOnlyList<SyntaxObject> layers, HoconOptions options)
    {
        _layers = layers;
        _options = options;
    }

    /// <summary>A document without keys.</summary>
    public static HoconDocument Empty { get; } = new([new SyntaxObject(new HoconOrigin("<empty>"))], HoconOptions.Default);

    /// <summary>Parses and resolves a text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="options">Limits, environment, name of the text.</param>
    /// <returns>The root.</returns>
    /// <exception cref="HoconException">Malformed, or cannot be resolved.</exception>
    public static HoconObject ParseString(string text, HoconOptions? options = null) => LoadString(text, options).Resolve();

    /// <summary>Parses and resolves a file.</summary>
    /// <param name="path">The file; its includes are relative to it.</param>
    /// <param name="options">Limits, environment.</param>
    /// <returns>The root.</returns>
    /// <exception cref="HoconException">No such file, malformed, or cannot be resolved.</exception>
    public static HoconObject ParseFile(string path, HoconOptions? options = null) => LoadFile(path, options).Resolve();

    /// <summary>Parses a text, without resolving it.</summary>
    /// <param name="text">The document.</param>
    /// <param name="options">Limits, environment, name of the text.</param>
    /// <exception cref="HoconException">Malformed.</exception>
    public static HoconDocument LoadString(string text, HoconOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= HoconOptions.Default;
        var parser = new Parser(text, options.SourceName, options.BaseDirectory, new ParseContext(options));
        return new HoconDocument([parser.ParseDocument()], options);
    }

    /// <summary>Parses a file, without resolving it.</summary>
    /// <param name="path">The file; its includes are relative to it.</param>
    /// <param name="options">Limits, environment.</param>
    /// <exception cref="HoconException">No such file, or malformed.</exception>
    public static HoconDocument LoadFile(string path, HoconOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= HoconOptions.Default;
        var context = new ParseContext(options);
        var start = new HoconOrigin(path);
        try
        {
            var text = context.Read(path, null) ?? throw new HoconException(start, "", "the file does not exist; create it, or correct the path");
            context.Enter(Path.GetFullPath(path), start, null);
            return new HoconDocument([new Parser(text, path, Path.GetDirectoryName(path) ?? "", context).ParseDocument()], options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new HoconException(start, "", $"the file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// A document from flat pairs such as <c>a:b:c = 5</c>. Values are text and never substitutions; pairs without a value are skipped; where a key
    /// has both a value and keys below it, the keys win. Keys that are numbers serve as indices where an array is asked for.
    /// </summary>
    /// <param name="pairs">Keys and values; of two with the same key the later wins.</param>
    /// <param name="origin">What the pairs come from, such as <c>IConfiguration</c>; errors name it in place of a file.</param>
    /// <param name="separator">What separates the elements of a key.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="HoconException">A key has more elements than <see cref="HoconOptions.MaxDepth"/>.</exception>
    public static HoconDocument FromPairs(
        IEnumerable<KeyValuePair<string, string?>> pairs, string origin, char separator = ':', HoconOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        options ??= HoconOptions.Default;
        var at = new HoconOrigin(origin);
        var root = new SyntaxObject(at);
        var set = pairs.Where(p => p.Value is not null).ToList();
        var parents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in set)
            for (var end = key.LastIndexOf(separator); end > 0 && parents.Add(key[..end]); end = key.LastIndexOf(separator, end - 1)) { }
        foreach (var (key, value) in set)
        {
            if (parents.Contains(key)) continue;
            var path = key.Split(separator);
            if (path.Length > options.MaxDepth)
                throw new HoconException(at, HoconPath.Join(path.Take(4)) + "...", $"nested deeper than {options.MaxDepth} levels; shorten the key, or raise HoconOptions.MaxDepth");
            root.Members.Add(new SyntaxMember(at, path, new SyntaxScalar(at, value!, true), false));
        }
        return new HoconDocument([root], options);
    }

    /// <summary>A document from a resolved tree, as a layer over or under others.</summary>
    /// <param name="root">The tree.</param>
    public static HoconDocument FromObject(HoconObject root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return new HoconDocument([(SyntaxObject)ToSyntax(root)], HoconOptions.Default);
    }

    /// <summary>This document over another: its values win, objects on both sides are merged. Nothing is resolved yet.</summary>
    /// <param name="fallback">What shows through where this document has nothing.</param>
    /// <returns>A new document with the options of this one.</returns>
    public HoconDocument WithFallback(HoconDocument fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        return new HoconDocument([.. fallback._layers, .. _layers], _options);
    }

    /// <summary>Merges the layers and resolves all substitutions.</summary>
    /// <param name="options">Limits and environment; those that the document was parsed with when null.</param>
    /// <returns>The root.</returns>
    /// <exception cref="HoconException">A substitution has no value, refers to itself, or a limit is passed.</exception>
    public HoconObject Resolve(HoconOptions? options = null)
    {
        var builder = new ModelBuilder();
        foreach (var layer in _layers) builder.Add(layer);
        return new Resolver(builder.Root, options ?? _options).Resolve();
    }

    private static SyntaxNode ToSyntax(HoconValue value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case HoconScalar scalar:
                return new SyntaxScalar(scalar.Origin, scalar.Text, scalar.IsQuoted);
            case HoconArray array:
                var items = new SyntaxArray(array.Origin);
                foreach (var item in array) items.Items.Add(ToSyntax(item));
                return items;
            case HoconObject obj:
                var members = new SyntaxObject(obj.Origin);
                foreach (var slot in obj.Slots) members.Members.Add(new SyntaxMember(slot.KeyOrigin, [slot.Key], ToSyntax(slot.Value), false));
                return members;
            default:
                throw new InvalidOperationException($"No syntax of {value.GetType().Name}.");
        }
    }
}

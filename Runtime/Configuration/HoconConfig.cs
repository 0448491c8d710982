using Microsoft.Extensions.Configuration;
using Ouroboros.Hocon;

namespace Ouroboros.Runtime.Configuration;

/// <summary>
/// Reads the configuration of a runtime from HOCON or <c>IConfiguration</c>, over the defaults of <c>hocon/reference.conf</c>. All of it is
/// checked before anything is returned, and all that is wrong is reported at once.
/// </summary>
public static class HoconConfig
{
    private static readonly Lazy<string> Reference = new(ReadReference);

    /// <summary>The text of <c>hocon/reference.conf</c>: every key, its default, unit, range and meaning.</summary>
    public static string ReferenceText => Reference.Value;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; its includes are relative to it.</param>
    /// <param name="options">Limits and environment.</param>
    /// <exception cref="HoconException">The file is missing or malformed, or a key or value is wrong; see <see cref="ErrorsOf"/>.</exception>
    public static RuntimeConfig LoadFile(string path, HoconOptions? options = null) => Read(HoconDocument.LoadFile(path, options));

    /// <summary>Reads a text.</summary>
    /// <param name="text">HOCON.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <param name="options">Limits, environment, folder of includes.</param>
    /// <exception cref="HoconException">The text is malformed, or a key or value is wrong; see <see cref="ErrorsOf"/>.</exception>
    public static RuntimeConfig ParseString(string text, string fileName = "<string>", HoconOptions? options = null) =>
        Read(HoconDocument.LoadString(text, (options ?? HoconOptions.Default) with { SourceName = fileName }));

    /// <summary>Reads a section whose keys are those of <c>ouroboros { }</c>, plus <c>akka</c>. Case of known keys does not matter.</summary>
    /// <param name="section">The section, such as <c>configuration.GetSection("Ouroboros")</c>.</param>
    /// <exception cref="HoconException">A key or value is wrong; see <see cref="ErrorsOf"/>.</exception>
    public static RuntimeConfig FromConfiguration(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Read(ConfigurationSource.ToDocument(section, ReferenceDocument().Resolve()));
    }

    /// <summary>Each single error that an exception of this class stands for, in the order in which they were found.</summary>
    /// <param name="exception">The exception.</param>
    public static IReadOnlyList<HoconException> ErrorsOf(HoconException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.InnerException is AggregateException all && all.InnerExceptions.All(e => e is HoconException)
            ? [.. all.InnerExceptions.Cast<HoconException>()]
            : [exception];
    }

    private static RuntimeConfig Read(HoconDocument document)
    {
        var reference = ReferenceDocument();
        var names = document.WithFallback(reference).Resolve();
        var root = document.WithFallback(StanzaDefaults.For(names)).WithFallback(reference).Resolve();
        var errors = new ConfigErrors();
        var config = new ConfigReader(errors, names, reference.Resolve()).Read(root);
        errors.ThrowIfAny();
        return config;
    }

    private static HoconDocument ReferenceDocument() => HoconDocument.LoadString(ReferenceText, new HoconOptions { SourceName = "reference.conf" });

    private static string ReadReference()
    {
        using var stream = typeof(HoconConfig).Assembly.GetManifestResourceStream("reference.conf")
            ?? throw new InvalidOperationException("reference.conf is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

using Ouroboros.Hocon;

[assembly: Parallelizable(ParallelScope.Fixtures)]

namespace Ouroboros.Tests.Hocon;

/// <summary>Shorthand of these tests: documents see no environment but the one that a test gives them.</summary>
internal static class Hocon
{
    public static readonly HoconOptions Options = new() { SourceName = "test.conf", Environment = _ => null };

    public static HoconObject Parse(string text, HoconOptions? options = null) => HoconDocument.ParseString(text, options ?? Options);

    public static string Json(string text, HoconOptions? options = null) => Parse(text, options).ToString();

    public static HoconException Error(Action action) => Assert.Throws<HoconException>(() => action())!;

    public static string Message(string text, HoconOptions? options = null) => Error(() => Parse(text, options)).Message;
}

using System.Globalization;

namespace Ouroboros.Samples.Oping;

/// <summary>The lines that a client prints, in the reference's shapes (tools-and-rib.md 2.4). Times below 0.1 ms are shown in µs.</summary>
public static class PingReport
{
    private const double LeastMilliseconds = 0.1;

    /// <summary>The line before the first ping; an empty one follows.</summary>
    public static string Start(OpingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tail = options.ClientMode == ClientMode.FloodBusy ? ", busy-poll" : "";
        return Format($"Pinging {options.Name} with {options.Size} bytes of data ({options.Count} packets{tail}):");
    }

    /// <summary>The line of a reply.</summary>
    /// <param name="name">Who was pinged.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="timeOfDay">The wall clock to be put in front, or null.</param>
    public static string Reply(string name, PingReply reply, DateTimeOffset? timeOfDay = null)
    {
        var clock = "";
        if (timeOfDay is { } now)
        {
            var microseconds = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            clock = Format($"[{microseconds / 1_000_000}.{microseconds % 1_000_000:D6}] ");
        }
        var (factor, unit) = Unit(reply.RoundTrip.TotalMilliseconds);
        var tail = reply.Kind == ReplyKind.Duplicate ? " [duplicate]" : reply.OutOfOrder ? " [out-of-order]" : "";
        return reply.Kind == ReplyKind.Duplicate
            ? Format($"{clock}{reply.Length} bytes from {name}: seq={reply.Id}{tail}")
            : Format($"{clock}{reply.Length} bytes from {name}: seq={reply.Id} time={reply.RoundTrip.TotalMilliseconds * factor:F3} {unit}{tail}");
    }

    /// <summary>The lines at the end; an empty one comes before them.</summary>
    /// <param name="name">Who was pinged.</param>
    /// <param name="figures">What was counted.</param>
    /// <param name="elapsed">From before the first ping to after the last reply.</param>
    public static IEnumerable<string> Summary(string name, PingStatistics figures, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(figures);
        yield return $"--- {name} ping statistics ---";
        yield return Format($"{figures.Sent} packets transmitted, {figures.Received} received, {figures.OutOfOrder} out-of-order, {figures.LossPercent}% packet loss, time: {elapsed.TotalMilliseconds:F3} ms");
        if (figures.Received == 0) yield break;
        var (factor, unit) = Unit(figures.Average);
        yield return Format($"rtt min/avg/max/mdev = {figures.Min.TotalMilliseconds * factor:F3}/{figures.Average * factor:F3}/{figures.Max.TotalMilliseconds * factor:F3}/{figures.Deviation * factor:F3} {unit}");
    }

    private static (double Factor, string Unit) Unit(double milliseconds) => milliseconds < LeastMilliseconds ? (1000, "µs") : (1, "ms");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

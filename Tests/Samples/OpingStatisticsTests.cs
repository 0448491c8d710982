using Ouroboros.Samples.Oping;

namespace Ouroboros.Tests.Samples;

public sealed class OpingStatisticsTests
{
    [TestCase(0, 0, 0)]
    [TestCase(3, 3, 0)]
    [TestCase(3, 1, 67)]
    [TestCase(3, 2, 34)]
    [TestCase(1, 0, 100)]
    [TestCase(500, 498, 1)]
    [TestCase(500, 488, 3)]
    [TestCase(50, 47, 6)]
    [TestCase(1_000_000, 999_999, 1)]
    [TestCase(2_147_483_647, 0, 100)]
    public void Loss_is_rounded_up_to_whole_per_cent(int sent, int received, int percent)
    {
        var figures = new PingStatistics { Sent = sent };
        for (var i = 0; i < received; i++) figures.Add(TimeSpan.FromMilliseconds(1), false);
        Assert.That(figures.LossPercent, Is.EqualTo(percent));
    }

    [Test]
    public void The_deviation_of_one_reply_is_not_a_number_and_printed_as_NaN()
    {
        var figures = Figures(53.981);
        Assert.That(figures.Deviation, Is.NaN);
        Assert.That(Last(figures), Is.EqualTo("rtt min/avg/max/mdev = 53.981/53.981/53.981/NaN ms"));
    }

    [Test]
    public void The_deviation_of_two_replies_is_that_of_a_sample() =>
        Assert.That(Figures(1, 3).Deviation, Is.EqualTo(Math.Sqrt(2)).Within(1e-12));

    [Test]
    public void Figures_of_a_run_of_the_reference_come_out_the_same()
    {
        var figures = Figures(0.203, 0.129, 0.142);
        figures.Sent = 3;
        Assert.That(PingReport.Summary("oping", figures, TimeSpan.FromMilliseconds(3000.744)), Is.EqualTo(new[]
        {
            "--- oping ping statistics ---",
            "3 packets transmitted, 3 received, 0 out-of-order, 0% packet loss, time: 3000.744 ms",
            "rtt min/avg/max/mdev = 0.129/0.158/0.203/0.040 ms",
        }));
    }

    [Test]
    public void Figures_in_microseconds_of_a_run_of_the_reference_come_out_the_same() =>
        Assert.That(
            Last(Figures(0.120, 0.078, 0.059, 0.061, 0.055, 0.112, 0.117, 0.069, 0.077, 0.132, 0.082, 0.070, 0.069, 0.082, 0.097, 0.086, 0.090, 0.122, 0.086, 0.158)),
            Is.EqualTo("rtt min/avg/max/mdev = 55.000/91.100/158.000/27.465 µs"));

    [Test]
    public void Welford_agrees_with_two_passes_on_any_times()
    {
        const int seed = 20_26;
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            var times = Enumerable.Range(0, random.Next(2, 100)).Select(_ => TimeSpan.FromMicroseconds(random.Next(1, 5_000_000)).TotalMilliseconds).ToArray();
            var mean = times.Average();
            var deviation = Math.Sqrt(times.Sum(t => (t - mean) * (t - mean)) / (times.Length - 1));
            var figures = Figures(times);
            Assert.That(figures.Average, Is.EqualTo(mean).Within(1e-9).Percent, $"seed {seed}, run {run}");
            Assert.That(figures.Deviation, Is.EqualTo(deviation).Within(1e-6).Percent, $"seed {seed}, run {run}");
            Assert.That(figures.Min.TotalMilliseconds, Is.EqualTo(times.Min()).Within(1e-9));
            Assert.That(figures.Max.TotalMilliseconds, Is.EqualTo(times.Max()).Within(1e-9));
        }
    }

    [TestCase(0.1, "seq=7 time=0.100 ms")]
    [TestCase(0.0999, "seq=7 time=99.900 µs")]
    [TestCase(0.079, "seq=7 time=79.000 µs")]
    [TestCase(1234.5678, "seq=7 time=1234.568 ms")]
    [TestCase(0, "seq=7 time=0.000 µs")]
    public void A_time_below_a_tenth_of_a_millisecond_is_in_microseconds(double milliseconds, string end) =>
        Assert.That(PingReport.Reply("srv", Reply(milliseconds)), Is.EqualTo($"64 bytes from srv: {end}"));

    [Test]
    public void The_average_chooses_the_unit_of_all_four_values()
    {
        Assert.That(Last(Figures(0.05, 0.14)), Is.EqualTo("rtt min/avg/max/mdev = 50.000/95.000/140.000/63.640 µs"));
        Assert.That(Last(Figures(0.05, 0.16)), Is.EqualTo("rtt min/avg/max/mdev = 0.050/0.105/0.160/0.078 ms"));
    }

    [Test]
    public void Without_a_reply_there_is_no_line_of_times() =>
        Assert.That(PingReport.Summary("srv", new PingStatistics { Sent = 2 }, TimeSpan.FromSeconds(3)).Last(), Is.EqualTo(
            "2 packets transmitted, 0 received, 0 out-of-order, 100% packet loss, time: 3000.000 ms"));

    [Test]
    public void A_late_reply_and_the_time_of_day_are_marked_in_the_line()
    {
        var line = PingReport.Reply("srv", Reply(0.146) with { OutOfOrder = true }, DateTimeOffset.UnixEpoch.AddMicroseconds(1_795_253_326_061_816));
        Assert.That(line, Is.EqualTo("[1795253326.061816] 64 bytes from srv: seq=7 time=0.146 ms [out-of-order]"));
    }

    private static PingReply Reply(double milliseconds) => new(ReplyKind.Reply, 7, 64, Time(milliseconds), false);

    private static PingStatistics Figures(params double[] milliseconds)
    {
        var figures = new PingStatistics { Sent = milliseconds.Length };
        foreach (var time in milliseconds) figures.Add(Time(time), false);
        return figures;
    }

    // TimeSpan.FromMilliseconds cuts off what is below a tick: 0.120 ms would be 119.9 µs.
    private static TimeSpan Time(double milliseconds) => TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond));

    private static string Last(PingStatistics figures) => PingReport.Summary("oping", figures, TimeSpan.Zero).Last();
}

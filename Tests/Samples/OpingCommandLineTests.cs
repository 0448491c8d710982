using Ouroboros.Layers.Flow;
using Ouroboros.Samples;
using Ouroboros.Samples.Oping;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OpingCommandLineTests
{
    private const string ReferenceUsage =
        """
        Usage: oping [OPTION]...

        Checks liveness between a client and a server
        and reports the Round Trip Time (RTT)

          -l, --listen            Run in server mode
              --poll              Server uses polling (lower latency)
              --busy              Server uses busy-poll (single flow)

          -c, --count             Number of packets
          -d, --duration          Duration of the test (default 1s)
          -f, --flood             Send back-to-back without waiting
          -F, --flood-busy        Flood with busy-polling (lower latency)
          -i, --interval          Interval (default 1000ms)
          -n, --server-name       Name of the oping server
          -q, --qos               QoS (raw, best, video, voice, data)
          -s, --size              Payload size (B, default 64)
          -Q, --quiet             Only print final statistics
          -D, --timeofday         Print time of day before each line

              --help              Display this help text and exit

        """;

    private readonly ToolOutput _output = new();

    [Test]
    public void The_help_text_is_the_reference_s_and_more() =>
        Assert.That(OpingCommandLine.Usage.Split('\n'), Is.SupersetOf(ReferenceUsage.Split('\n')));

    [Test]
    public void A_client_needs_only_a_name()
    {
        var options = Parse("-n", "srv");
        Assert.That(options, Is.EqualTo(new OpingOptions { Name = "srv", Count = int.MaxValue, Interval = TimeSpan.FromSeconds(1), Size = 64, Qos = QosSpec.Raw }));
        Assert.That(_output.Text, Is.Empty);
    }

    [Test]
    public void A_server_needs_nothing_and_serves_oping() =>
        Assert.That(Parse("-l"), Is.EqualTo(new OpingOptions { Listen = true, Name = "oping" }));

    [Test]
    public void Short_and_long_options_mean_the_same()
    {
        var small = Parse("-n", "s", "-c", "3", "-i", "10ms", "-s", "100", "-q", "voice", "-f", "-Q", "-D");
        var large = Parse("--server-name", "s", "--count", "3", "--interval", "10", "--size", "100", "--qos", "voice", "--flood", "--quiet", "--timeofday");
        Assert.That(small, Is.EqualTo(large));
        Assert.That(small, Is.EqualTo(new OpingOptions
        {
            Name = "s",
            Count = 3,
            Interval = TimeSpan.FromMilliseconds(10),
            Size = 100,
            Qos = QosSpec.Voice,
            ClientMode = ClientMode.Flood,
            Quiet = true,
            TimeOfDay = true,
        }));
    }

    [TestCase("raw")]
    [TestCase("best")]
    [TestCase("video")]
    [TestCase("voice")]
    [TestCase("data")]
    public void Every_QoS_name_is_known(string name)
    {
        QosSpec.TryFromName(name, out var qos);
        Assert.That(Parse("-n", "s", "-q", name)!.Qos, Is.EqualTo(qos));
        Assert.That(_output.Text, Is.Empty);
    }

    [Test]
    public void An_unknown_QoS_is_refused()
    {
        Assert.That(Parse("-n", "s", "-q", "gold"), Is.Null);
        Assert.That(_output.Lines, Is.EqualTo(new[] { "Unknown QoS: gold; use raw, best, video, voice or data." }));
    }

    [Test]
    public void Busy_flood_wins_over_flood_wherever_it_stands()
    {
        Assert.That(Parse("-n", "s", "-F", "-f")!.ClientMode, Is.EqualTo(ClientMode.FloodBusy));
        Assert.That(Parse("-n", "s", "-f", "--flood-busy")!.ClientMode, Is.EqualTo(ClientMode.FloodBusy));
        Assert.That(Parse("-l", "--busy", "--poll")!.ServerMode, Is.EqualTo(ServerMode.Busy));
        Assert.That(Parse("--listen", "--poll")!.ServerMode, Is.EqualTo(ServerMode.Poll));
    }

    [TestCase("1501", 1500, "Packet size truncated to 1500 bytes.")]
    [TestCase("63", 64, "Packet size set to 64 bytes.")]
    [TestCase("0", 64, "Packet size set to 64 bytes.")]
    [TestCase("64", 64, null)]
    [TestCase("1500", 1500, null)]
    public void The_size_is_kept_within_limits(string text, int size, string? message)
    {
        Assert.That(Parse("-n", "s", "-s", text)!.Size, Is.EqualTo(size));
        Assert.That(_output.Lines.FirstOrDefault(), Is.EqualTo(message));
    }

    [Test]
    public void The_limits_of_a_client_are_no_business_of_a_server()
    {
        Assert.That(Parse("-l", "-s", "1", "-i", "1d"), Is.Not.Null);
        Assert.That(_output.Text, Is.Empty);
    }

    [Test]
    public void An_interval_above_ten_seconds_is_cut()
    {
        Assert.That(Parse("-n", "s", "-i", "11s")!.Interval, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(_output.Lines, Is.EqualTo(new[] { "Ping interval truncated to 10s." }));
    }

    [TestCase("10s", "1s", 10)]
    [TestCase("1m", "500", 120)]
    [TestCase("100", "0", 1000)]
    [TestCase("999", "1000", 0)]
    [TestCase("365d", "0", int.MaxValue)]
    public void A_duration_becomes_a_count_and_beats_one(string duration, string interval, int count)
    {
        Assert.That(Parse("-n", "s", "-d", duration, "-i", interval, "-c", "7")!.Count, Is.EqualTo(count));
        Assert.That(Parse("-c", "7", "-i", interval, "-d", duration, "-n", "s")!.Count, Is.EqualTo(count));
    }

    [TestCase("--nonsense", "is unknown")]
    [TestCase("-x", "is unknown")]
    [TestCase("word", "is unknown")]
    [TestCase("-fQ", "is unknown")]
    [TestCase("--count=3", "is unknown")]
    [TestCase("-c", "needs a value")]
    [TestCase("--interval", "needs a value")]
    public void What_is_not_understood_is_named(string option, string problem)
    {
        Assert.That(Parse("-n", "s", option), Is.Null);
        Assert.That(_output.Lines, Is.EqualTo(new[] { $"{option} {problem}; --help lists the options." }));
    }

    [Test]
    public void Without_a_server_name_a_client_says_so_and_shows_the_usage()
    {
        Assert.That(Parse(), Is.Null);
        Assert.That(_output.Text, Is.EqualTo("No server specified.\n" + OpingCommandLine.Usage));
    }

    [TestCase("-c", "3x", "Invalid number: 3x.")]
    [TestCase("-c", "-3", "Invalid number: -3.")]
    [TestCase("-c", "", "Invalid number: .")]
    [TestCase("-s", "1 ", "Invalid number: 1 .")]
    [TestCase("-c", "2147483648", "Invalid number: 2147483648.")]
    [TestCase("-i", "10x", "Unknown time unit: x.")]
    [TestCase("-i", "10msx", "Unknown time unit: msx.")]
    [TestCase("-d", "10 s", "Unknown time unit:  s.")]
    [TestCase("-i", "ms", "Invalid time: ms.")]
    [TestCase("-i", "-1s", "Invalid time: -1s.")]
    [TestCase("-i", "99999999999999999999", "Invalid time: 99999999999999999999.")]
    [TestCase("-d", "999999999999999d", "Invalid time: 999999999999999d.")]
    public void A_value_that_is_not_one_is_named(string option, string value, string message)
    {
        Assert.That(Parse("-n", "s", option, value), Is.Null);
        Assert.That(_output.Text, Is.EqualTo(message + "\n"));
    }

    [TestCase("7", 7)]
    [TestCase("7ms", 7)]
    [TestCase("7s", 7_000)]
    [TestCase("7m", 420_000)]
    [TestCase("7h", 25_200_000)]
    [TestCase("7d", 604_800_000)]
    [TestCase("0", 0)]
    public void Times_are_read_with_their_units(string text, long milliseconds) =>
        Assert.That(ArgumentReader.Milliseconds(text), Is.EqualTo(milliseconds));

    private OpingOptions? Parse(params string[] arguments) => OpingCommandLine.Parse(arguments, _output);
}

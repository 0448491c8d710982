using Ouroboros.Layers.Devices;

namespace Ouroboros.Tests.Layers.Devices;

/// <summary>Each fault alone, as often as it is configured, the same with the same seed, on an injected clock.</summary>
public class FaultInjectorTests : WireTest
{
    private const int Frames = 10_000;

    private readonly ManualTimeProvider _time = new();

    private FaultInjector Make(FaultOptions options)
    {
        var device = new FaultInjector(Inner, options, _time);
        device.Start(Here);
        return device;
    }

    [TestCase(0.01)]
    [TestCase(0.2)]
    [TestCase(0.6)]
    public void Frames_are_lost_as_often_as_configured_and_counted(double loss)
    {
        using var device = Make(new FaultOptions { Loss = loss, OnReceive = false });
        SendNumbers(device, Frames);
        var lost = Frames - There.Frames.Count;
        // Five standard deviations of the binomial distribution; seeded, so it holds always or never.
        Assert.That(lost, Is.EqualTo(loss * Frames).Within(5 * Math.Sqrt(Frames * loss * (1 - loss))));
        Assert.That(device.Counters.Dropped(LinkDrop.Injected), Is.EqualTo(lost));
        Assert.That(There.Numbers, Is.Ordered);
    }

    [Test]
    public void The_same_seed_loses_the_same_frames_and_another_others()
    {
        int[] Run(int seed)
        {
            There.Frames.Clear();
            using var device = new FaultInjector(Link.Add("x", Left, Pool), new FaultOptions { Loss = 0.3, Seed = seed }, _time);
            device.Start(Here);
            SendNumbers(device, 1000);
            return [.. There.Numbers];
        }

        var first = Run(7);
        Assert.That(Run(7), Is.EqualTo(first));
        Assert.That(Run(8), Is.Not.EqualTo(first));
    }

    [Test]
    public void Frames_are_doubled_and_each_copy_is_whole()
    {
        using var device = Make(new FaultOptions { Duplicate = 0.25, OnReceive = false });
        SendNumbers(device, Frames);
        Assert.That(There.Frames, Has.Count.EqualTo(Frames * 1.25).Within(250));
        Assert.That(There.Numbers, Is.Ordered);
        Assert.That(There.Numbers.Distinct().Count(), Is.EqualTo(Frames));
    }

    [Test]
    public void Reordered_frames_come_one_later_and_none_is_lost()
    {
        using var device = Make(new FaultOptions { Reorder = 0.1, OnReceive = false });
        SendNumbers(device, Frames);
        var numbers = There.Numbers.ToList();
        // The last one may still be held back for one that never comes.
        Assert.That(numbers, Has.Count.GreaterThanOrEqualTo(Frames - 1));
        Assert.That(numbers, Is.Unique);
        var late = numbers.Where((n, i) => n != i && n == i - 1).Count();
        Assert.That(late, Is.GreaterThan(Frames / 20));
        Assert.That(numbers.Select((n, i) => Math.Abs(n - i)).Max(), Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_frame_differs_in_one_bit_behind_the_addresses()
    {
        using var device = Make(new FaultOptions { Corrupt = 0.5, OnReceive = false });
        SendNumbers(device, 1000);
        Assert.That(There.Frames, Has.Count.EqualTo(1000));
        var damaged = 0;
        for (var i = 0; i < 1000; i++)
        {
            using var whole = Frame(Right, Left, i);
            var bits = whole.Span.ToArray().Zip(There.Frames[i], (a, b) => int.PopCount(a ^ b)).ToArray();
            Assert.That(bits.Sum(), Is.LessThanOrEqualTo(1));
            Assert.That(bits[..12].Sum(), Is.Zero);
            damaged += bits.Sum();
        }
        Assert.That(damaged, Is.EqualTo(500).Within(80));
    }

    [Test]
    public void A_frame_takes_as_long_as_the_delay_and_no_longer()
    {
        using var device = Make(new FaultOptions { Delay = TimeSpan.FromMilliseconds(20), OnReceive = false });
        SendNumbers(device, 3);
        _time.Advance(TimeSpan.FromMilliseconds(19));
        Link.Run();
        Assert.That(There.Frames, Is.Empty);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Link.Run();
        Assert.That(There.Numbers, Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void Jitter_spreads_arrivals_over_its_time_and_puts_them_out_of_order()
    {
        using var device = Make(new FaultOptions { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(10), OnReceive = false });
        SendNumbers(device, 1000);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Link.Run();
        Assert.That(There.Frames, Has.Count.LessThan(10));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Link.Run();
        Assert.That(There.Frames, Has.Count.EqualTo(500).Within(80));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Link.Run();
        Assert.That(There.Numbers.Order(), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(There.Numbers, Is.Not.Ordered);
    }

    [Test]
    public void Faults_of_what_is_received_leave_alone_what_is_sent()
    {
        using var device = Make(new FaultOptions { Loss = 1, OnSend = false });
        SendNumbers(device, 10);
        Other.Send([Frame(Left, Right, 1)]);
        Link.Run();
        Assert.That((There.Frames.Count, Here.Frames.Count, device.Counters.Dropped(LinkDrop.Injected)), Is.EqualTo((10, 0, 1L)));
    }

    [Test]
    public void What_is_under_way_at_the_end_goes_back_to_the_pool()
    {
        var device = Make(new FaultOptions { Delay = TimeSpan.FromSeconds(1), Reorder = 1 });
        SendNumbers(device, 100);
        device.Dispose();
        _time.Advance(TimeSpan.FromSeconds(2));
        Link.Dispose();
        Assert.That(Pool.Outstanding, Is.Zero);
    }
}

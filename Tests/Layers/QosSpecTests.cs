using Ouroboros.Layers.Flow;

namespace Ouroboros.Tests.Layers;

/// <summary>Values: application-api.md section 3.</summary>
public sealed class QosSpecTests
{
    [TestCase("raw", QosCube.BestEffort, true)]
    [TestCase("best", QosCube.BestEffort, false)]
    [TestCase("video", QosCube.Video, false)]
    [TestCase("voice", QosCube.Voice, false)]
    [TestCase("data", QosCube.BestEffort, false)]
    public void The_specifications_of_the_tools_fall_into_their_cubes(string name, QosCube cube, bool raw)
    {
        Assert.That(QosSpec.TryFromName(name, out var spec), Is.True);
        Assert.That(spec.Cube, Is.EqualTo(cube));
        Assert.That(spec.IsRaw, Is.EqualTo(raw));
        Assert.That(spec.Timeout, Is.EqualTo(120_000));
    }

    [Test]
    public void An_unknown_name_is_raw()
    {
        Assert.That(QosSpec.TryFromName("gold", out var spec), Is.False);
        Assert.That(spec, Is.EqualTo(QosSpec.Raw));
    }

    [Test]
    public void Each_limit_of_voice_and_video_counts()
    {
        Assert.That((QosSpec.Voice with { Delay = 51 }).Cube, Is.EqualTo(QosCube.Video));
        Assert.That((QosSpec.Voice with { Bandwidth = 100_001 }).Cube, Is.EqualTo(QosCube.Video));
        Assert.That((QosSpec.Voice with { Availability = 4 }).Cube, Is.EqualTo(QosCube.Video));
        Assert.That((QosSpec.Voice with { MaxGap = 51 }).Cube, Is.EqualTo(QosCube.Video));
        Assert.That((QosSpec.Video with { Delay = 101 }).Cube, Is.EqualTo(QosCube.BestEffort));
        Assert.That((QosSpec.Video with { Availability = 2 }).Cube, Is.EqualTo(QosCube.BestEffort));
        Assert.That((QosSpec.Video with { MaxGap = 101 }).Cube, Is.EqualTo(QosCube.BestEffort));
    }

    [Test]
    public void Predefined_specifications_have_the_values_of_the_reference()
    {
        Assert.That(QosSpec.Raw, Is.EqualTo(new QosSpec(uint.MaxValue, 0, 0, 1, 1, false, uint.MaxValue, 120_000)));
        Assert.That(QosSpec.RawNoErrors, Is.EqualTo(new QosSpec(uint.MaxValue, 0, 0, 1, 0, false, uint.MaxValue, 120_000)));
        Assert.That(QosSpec.Video, Is.EqualTo(new QosSpec(100, ulong.MaxValue, 3, 1, 0, true, 100, 120_000)));
        Assert.That(QosSpec.Voice, Is.EqualTo(new QosSpec(50, 100_000, 5, 1, 0, true, 50, 120_000)));
        Assert.That(QosSpec.Data, Is.EqualTo(new QosSpec(1000, 0, 0, 0, 0, true, 2000, 120_000)));
        Assert.That(QosSpec.Np1, Is.EqualTo(new QosSpec(uint.MaxValue, 0, 0, uint.MaxValue, uint.MaxValue, false, uint.MaxValue, 0)));
    }
}

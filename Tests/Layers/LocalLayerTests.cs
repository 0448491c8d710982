using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Local;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers;

/// <summary>The core of the local layer, without an actor around it.</summary>
public sealed class LocalLayerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly NameHash _name = NameHash.Of(DirectoryHash.Sha3_256, "oping");
    private PacketPool _pool = null!;
    private LocalLayer _layer = null!;

    [SetUp]
    public void MakeLayer()
    {
        _pool = PacketPool.CreateGlobal(new PacketPoolOptions { Backing = PoolBacking.Anonymous });
        _layer = new LocalLayer();
    }

    [TearDown]
    public void CheckBalance()
    {
        Assert.That(_pool.Outstanding, Is.Zero);
        _pool.Dispose();
    }

    [Test]
    public void A_name_is_known_from_registration_to_withdrawal()
    {
        Assert.That(_layer.Knows(_name), Is.False);
        Assert.That(_layer.Register(_name), Is.True);
        Assert.That(_layer.Register(_name), Is.False);
        Assert.That(_layer.Knows(_name), Is.True);
        Assert.That(_layer.Unregister(_name), Is.True);
        Assert.That(_layer.Unregister(_name), Is.False);
        Assert.That(_layer.Knows(_name), Is.False);
    }

    [Test]
    public void A_request_is_answered_once()
    {
        var request = _layer.Open(1, End(), ActorRefs.Nobody);
        Assert.That(_layer.Take(request)!.FlowId, Is.EqualTo(1));
        Assert.That(_layer.Take(request), Is.Null);
        Assert.That(_layer.PendingCount, Is.Zero);
    }

    [Test]
    public void A_request_that_was_given_up_cannot_be_answered()
    {
        var request = _layer.Open(1, End(), ActorRefs.Nobody);
        Assert.That(_layer.Release(1), Is.True);
        Assert.That(_layer.Take(request), Is.Null);
    }

    [Test]
    public void Releasing_one_end_forgets_both_directions()
    {
        _layer.Join(1, End(), 2, End());
        Assert.That(_layer.FlowCount, Is.EqualTo(2));
        Assert.That(_layer.Release(1), Is.True);
        Assert.That(_layer.FlowCount, Is.Zero);
        Assert.That(_layer.Release(2), Is.False);
    }

    [Test]
    public void A_number_that_is_used_again_never_leads_to_its_former_partner()
    {
        var (a, b, c, d) = (End(), End(), End(), End());
        _layer.Join(1, a, 2, b);
        a.Close();
        _layer.Release(1);
        _layer.Join(1, c, 3, d);

        Assert.That(b.TryWrite(new byte[] { 1 }), Is.EqualTo(FlowError.FlowDown));
        Assert.That(d.TryWrite(new byte[] { 2 }), Is.EqualTo(FlowError.None));

        var buffer = new byte[8];
        Assert.That(c.TryRead(buffer, out var length), Is.EqualTo(FlowError.None));
        Assert.That(buffer[..length], Is.EqualTo(new byte[] { 2 }));
        Assert.That(c.TryRead(buffer, out _), Is.EqualTo(FlowError.TryAgain));
    }

    private FlowEndpoint End() => new(_pool, _time);
}

using Ouroboros.Layers.Flow.Frcp;

namespace Ouroboros.Tests.Layers.Flow;

/// <summary>Messages to a path that takes less in one piece than the layer takes at all.</summary>
public class PathSegmentTests
{
    private const int Layer = 1000;
    private const int Path = 300;

    [Test]
    public void Messages_are_cut_as_the_path_takes_them_whole_once_the_peer_is_known_to_put_parts_together()
    {
        using var a = Rig(FrcpFeatures.All);
        using var b = Rig(FrcpFeatures.All);
        a.Send(new byte[900]);
        Assert.That(a.Sent.Max(p => p.Length), Is.GreaterThan(900), "whole: the peer may be a reference, which cannot put parts together");
        Exchange(a, b);
        Assert.That((a.Core.Features & FrcpFeatures.Segmentation, a.Core.Segment), Is.EqualTo((FrcpFeatures.Segmentation, Path)));

        a.Sent.Clear();
        a.Send(Message(900));
        Exchange(a, b, p => Assert.That(p, Has.Length.LessThanOrEqualTo(Path + 60)));
        Assert.That(b.Delivered[^1], Is.EqualTo(Message(900)));

        // The path has become narrower while the flow is there.
        a.Core.PathSegment = 100;
        a.Send(Message(900));
        Exchange(a, b, p => Assert.That(p, Has.Length.LessThanOrEqualTo(100 + 60)));
        Assert.That(b.Delivered, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_peer_that_puts_nothing_together_gets_messages_whole()
    {
        using var a = Rig(FrcpFeatures.All);
        using var b = Rig(FrcpFeatures.None);
        for (var i = 0; i < 3; i++)
        {
            a.Send(Message(900));
            Exchange(a, b);
        }
        Assert.That((a.Core.Segment, b.Delivered.Count, b.Delivered[^1].Length), Is.EqualTo((Layer, 3, 900)));
    }

    private static CoreRig Rig(FrcpFeatures offer)
    {
        var rig = new CoreRig(new FrcpParameters { Reliable = true, Offer = offer }, 7);
        (rig.Core.MaxSegment, rig.Core.PathSegment) = (Layer, Path);
        return rig;
    }

    private static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];

    private static void Exchange(CoreRig a, CoreRig b, Action<byte[]>? check = null)
    {
        for (var round = 0; round < 20; round++)
        {
            Carry(a, b, check);
            Carry(b, a, null);
            a.Pass(20 * CoreRig.Ms);
            b.Pass(20 * CoreRig.Ms);
        }
    }

    private static void Carry(CoreRig from, CoreRig to, Action<byte[]>? check)
    {
        var sent = from.Sent.ToArray();
        from.Sent.Clear();
        foreach (var packet in sent)
        {
            check?.Invoke(packet);
            to.Receive(packet);
        }
    }
}

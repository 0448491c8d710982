using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>A device that prints every frame, sent and received, in one line.</summary>
/// <param name="inner">The device; owned.</param>
/// <param name="describe">Says in words what is in a frame; null prints its bytes.</param>
/// <param name="print">Where lines go.</param>
public sealed class Tracer(ILinkDevice inner, FrameDescriber? describe, Action<string> print) : DeviceDecorator(inner)
{
    private const int BytesShown = 64;

    /// <inheritdoc/>
    public override int Send(ReadOnlySpan<Packet> frames)
    {
        foreach (var frame in frames) Print(">", frame);
        return base.Send(frames);
    }

    /// <inheritdoc/>
    public override void OnReceive(ReadOnlySpan<Packet> frames)
    {
        foreach (var frame in frames) Print("<", frame);
        base.OnReceive(frames);
    }

    /// <inheritdoc/>
    public override void OnLinkEvent(LinkEvent linkEvent)
    {
        ArgumentNullException.ThrowIfNull(linkEvent);
        print($"{Name} {linkEvent.Description}");
        base.OnLinkEvent(linkEvent);
    }

    private void Print(string direction, Packet frame)
    {
        var bytes = frame.Span;
        var text = describe?.Invoke(bytes)
                   ?? Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, BytesShown)]) + (bytes.Length > BytesShown ? ".." : "");
        print($"{Name} {direction} {bytes.Length} B {text}");
    }
}

using Ouroboros.Layers.Flow;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Layers.Unicast;

/// <summary>A layer below that takes as many packets as it is told to.</summary>
internal sealed class GatedSink : IPacketSink
{
    private TaskCompletionSource<FlowError> _room = new();

    public int Room { get; set; } = int.MaxValue;

    public bool Keeps { get; set; } = true;

    public List<byte[]> Taken { get; } = [];

    public int Count { get; private set; }

    public int MaxPacketSize => 1500;

    public int QueueLength { get; set; }

    public FlowError Send(Packet packet)
    {
        if (Room == 0) return FlowError.TryAgain;
        Room--;
        lock (Taken)
        {
            if (Keeps) Taken.Add(packet.Span.ToArray());
            Count++;
        }
        packet.Dispose();
        return FlowError.None;
    }

    public ValueTask<FlowError> WaitWritableAsync(TimeSpan timeout, CancellationToken cancellationToken) => new(_room.Task);

    public void Open(int room)
    {
        Room = room;
        var waiting = _room;
        _room = new TaskCompletionSource<FlowError>();
        waiting.SetResult(FlowError.None);
    }

    public void WakeWriters()
    {
    }

    public void LinkChanged(bool up)
    {
    }

    public void AccessChanged(bool writable)
    {
    }

    public void Close()
    {
    }
}

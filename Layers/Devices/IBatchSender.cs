using Ouroboros.Pool;

namespace Ouroboros.Layers.Devices;

/// <summary>The system call behind a <see cref="SendPump"/>. One thread at a time.</summary>
internal interface IBatchSender
{
    /// <summary>
    /// Sends frames in order without blocking. Of those that it is done with, sent or failed, it disposes the packets and counts them.
    /// </summary>
    /// <returns>How many it is done with; fewer than given means that there is no room now.</returns>
    int SendBatch(ReadOnlySpan<Packet> frames);

    /// <summary>Blocks until there may be room again, or for about <paramref name="milliseconds"/>.</summary>
    void WaitWritable(int milliseconds);
}

namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>
/// How messages of the directory travel in a layer: in a unicast layer as packets of data transfer to <see cref="Eid"/>. What arrives goes into a
/// <see cref="DirectoryInbox"/>. Called by the directory's actor only.
/// </summary>
public interface IDirectoryCarrier
{
    /// <summary>The endpoint of the directory at every member (dht.md section 4).</summary>
    const ulong Eid = 1;

    /// <summary>Sends a message, best effort. The bytes are copied before it returns.</summary>
    /// <returns>false when there is no way to the address.</returns>
    bool Send(ulong address, ReadOnlySpan<byte> message);

    /// <summary>Whether there is a way to the address, as far as is known.</summary>
    bool CanReach(ulong address);

    /// <summary>Addresses of members that routing knows of.</summary>
    /// <returns>How many were written.</returns>
    int Members(Span<ulong> into);
}

using Ouroboros.Layers.Unicast.Directory;
using Ouroboros.Pool;

namespace Ouroboros.Layers.Unicast;

/// <summary>Puts what arrives for the directory into its inbox; registered at <see cref="IDirectoryCarrier.Eid"/>.</summary>
public sealed class DirectoryReceiver(DirectoryInbox inbox) : IDataTransferComponent
{
    /// <inheritdoc/>
    public void OnMessage(Packet message)
    {
        inbox.Post(message.Span);
        message.Dispose();
    }
}

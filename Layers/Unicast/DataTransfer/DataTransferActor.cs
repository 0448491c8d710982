using Akka.Actor;
using Ouroboros.Layers.Actors;

namespace Ouroboros.Layers.Unicast;

/// <summary>
/// <c>/user/irmd/ipcps/NAME/dt</c>: stands for data transfer in the tree of actors and says how it is. Packets do not pass through it: killed, it is made
/// again, and nobody who sends or receives notices.
/// </summary>
public sealed class DataTransferActor : UntypedActor
{
    private readonly DataTransfer _dataTransfer;

    private DataTransferActor(DataTransfer dataTransfer) => _dataTransfer = dataTransfer;

    /// <summary>How to make it.</summary>
    public static Props Props(DataTransfer dataTransfer) => ActorFactory.Props(() => new DataTransferActor(dataTransfer));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is Describe) Sender.Tell(_dataTransfer, Self);
        else Unhandled(message);
    }

    /// <summary>How is it? Answered with the <see cref="DataTransfer"/> itself, whose counters anybody may read.</summary>
    public sealed record Describe
    {
        /// <summary>The one that there is.</summary>
        public static readonly Describe Instance = new();
    }
}

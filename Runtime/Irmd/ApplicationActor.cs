using Akka.Actor;
using Ouroboros.Layers.Actors;

namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// <c>/user/irmd/applications/[id]</c>: stands for an attached application. While it lives the application is attached; stopping it from
/// outside detaches the application and releases its flows.
/// </summary>
internal sealed class ApplicationActor : UntypedActor
{
    private readonly int _processId;
    private readonly Credentials _credentials;

    private ApplicationActor(int processId, Credentials credentials)
    {
        _processId = processId;
        _credentials = credentials;
    }

    public static Props Props(int processId, Credentials credentials) => ActorFactory.Props(() => new ApplicationActor(processId, credentials));

    protected override void OnReceive(object message)
    {
        if (message is WhoAreYou) Sender.Tell((_processId, _credentials), Self);
        else Unhandled(message);
    }

    /// <summary>Answered with number and credentials.</summary>
    public sealed record WhoAreYou;
}

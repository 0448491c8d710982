using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros;

/// <summary>Where an application is attached: to the runtime of its own process, or to a daemon.</summary>
internal interface IApplicationHost
{
    /// <summary>Cancelled when nobody answers requests any more; requests under way fail then.</summary>
    CancellationToken Stopped { get; }

    /// <summary>Passes a request on; it is answered through its own completion.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.IrmdUnreachable"/>: nobody is there to answer it.</exception>
    void Submit(FlowRequest request);

    /// <summary>The caller no longer waits for the answer.</summary>
    void GiveUp(FlowRequest request);

    /// <summary>Binds the application to a name.</summary>
    Task BindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The application leaves; its flows have been closed.</summary>
    Task DetachAsync();
}

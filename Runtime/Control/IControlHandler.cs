using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>Carries requests out.</summary>
internal interface IControlHandler
{
    /// <summary>Carries one out.</summary>
    /// <param name="request">Well-formed, not checked otherwise.</param>
    /// <param name="caller">Who asks, from the kernel.</param>
    /// <param name="cancellationToken">Cancelled when the client goes away or the daemon stops.</param>
    Task<ControlAnswer> ExecuteAsync(IrmMsg request, Credentials caller, CancellationToken cancellationToken);
}

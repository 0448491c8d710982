namespace Ouroboros;

/// <summary>An in-process service: gets an application attached under its program name, runs until it is done or cancelled.</summary>
/// <param name="application">Disposed when the service returns.</param>
/// <param name="cancellationToken">Cancelled when the runtime stops.</param>
public delegate Task ServiceMain(Application application, CancellationToken cancellationToken);

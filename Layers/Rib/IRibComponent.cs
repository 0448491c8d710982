namespace Ouroboros.Layers.Rib;

/// <summary>
/// A component of an IPCP or an application, as the RIB shows it: a directory of files whose text is made when somebody reads it. Called from any
/// thread. Who is not an actor uses <see cref="RibFiles"/> or <see cref="RibTable"/>; for what an actor owns there is <see cref="ActorRib"/>.
/// </summary>
public interface IRibComponent
{
    /// <summary>Names of its files, in the order in which they are shown.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FlowException">Who knows them does not answer.</exception>
    ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A file.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>null = there is none of this name.</returns>
    /// <exception cref="FlowException">Who knows it does not answer.</exception>
    ValueTask<RibFile?> ReadAsync(string file, CancellationToken cancellationToken);
}

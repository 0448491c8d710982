namespace Ouroboros.Layers.Rib;

/// <summary>What an actor is asked that answers for a component itself; see <see cref="ActorRib"/>.</summary>
public static class RibProtocol
{
    /// <summary>Which files are there? Answered with <see cref="Files"/>.</summary>
    public sealed record List
    {
        /// <summary>The only one.</summary>
        public static List Instance { get; } = new();

        private List()
        {
        }
    }

    /// <summary>Names of files.</summary>
    public sealed record Files(IReadOnlyList<string> Names);

    /// <summary>What is in this file? Answered with <see cref="Content"/>.</summary>
    public sealed record Read(string File);

    /// <summary>A file; null = there is none of that name.</summary>
    public sealed record Content(RibFile? File);
}

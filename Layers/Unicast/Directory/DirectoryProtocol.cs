using Ouroboros.Crypto.Hashing;

namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>The conversation with the actor of a directory, whatever its policy.</summary>
public static class DirectoryProtocol
{
    /// <summary>The name is registered at this member from now on. Answered with <see cref="Answer"/>, before the network knows.</summary>
    public sealed record Register(NameHash Hash);

    /// <summary>It no longer is. Answered with <see cref="Answer"/>: <see cref="FlowError.NameUnknown"/> when it was not.</summary>
    public sealed record Unregister(NameHash Hash);

    /// <summary>What became of a registration.</summary>
    public sealed record Answer(NameHash Hash, FlowError Error);

    /// <summary>Where is the name registered? Answered with <see cref="QueryAnswer"/> as soon as it is known, also when it is nowhere.</summary>
    public sealed record Query(NameHash Hash);

    /// <summary>Where the name is registered.</summary>
    /// <param name="Hash">That of the query.</param>
    /// <param name="Addresses">Any number of addresses, this member's apart; empty when there is none.</param>
    /// <param name="Error">
    /// <see cref="FlowError.None"/>, <see cref="FlowError.NameUnknown"/>, or <see cref="FlowError.TimedOut"/> when it could not be found out.
    /// </param>
    public sealed record QueryAnswer(NameHash Hash, IReadOnlyList<ulong> Addresses, FlowError Error);

    /// <summary>A flow to an address that a query gave failed: what was remembered is not to be given again. Not answered.</summary>
    public sealed record Forget(NameHash Hash, ulong Address);

    /// <summary>Routing lost an address. Not answered.</summary>
    public sealed record AddressLost(ulong Address);

    /// <summary>Routing has found ways to members that were not reached before. Not answered.</summary>
    /// <param name="Addresses">Theirs.</param>
    /// <param name="Members">Members that are reached now, in all.</param>
    public sealed record AddressesGained(IReadOnlyList<ulong> Addresses, int Members);

    /// <summary>How is it? Answered with <see cref="Description"/>.</summary>
    public sealed record Describe
    {
        /// <summary>The one that there is.</summary>
        public static readonly Describe Instance = new();
    }

    /// <summary>How a directory is: names and numbers, for the RIB and for people.</summary>
    /// <param name="Values">In the order in which they are to be shown.</param>
    public sealed record Description(IReadOnlyList<KeyValuePair<string, long>> Values);
}

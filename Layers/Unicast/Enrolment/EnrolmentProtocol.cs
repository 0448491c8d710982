using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>The conversation between an IPCP and its enrolment actor.</summary>
public static class EnrolmentProtocol
{
    /// <summary>Join the layer of the member that accepts flows for a name. Answered with <see cref="Joined"/> or <see cref="Failed"/>.</summary>
    public sealed record Join(string Destination);

    /// <summary>The member has let us in: start the components, then say <see cref="Started"/>.</summary>
    public sealed record Joined(IpcpConfig Config);

    /// <summary>It could not be joined.</summary>
    public sealed record Failed(FlowError Error, string Reason);

    /// <summary>The components run, or could not be started; the member is told.</summary>
    public sealed record Started(bool Done);

    /// <summary>From now on others are let in; the state has what they are given.</summary>
    public sealed record Open
    {
        /// <summary>The one that there is.</summary>
        public static readonly Open Instance = new();
    }
}

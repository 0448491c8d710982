using Akka.Actor;

namespace Ouroboros.Layers.Ipcp;

/// <summary>A kind of IPCP: how it is called, made and configured. One implementation in each layer's folder.</summary>
public interface IIpcpKind
{
    /// <summary>Its number.</summary>
    IpcpType Type { get; }

    /// <summary>Its name in HOCON, in the CLI and in the RIB: <c>local</c>, <c>eth-dix</c>, ...</summary>
    string Name { get; }

    /// <summary>
    /// Keys of the options that are each member's own, and so of use to one that enrols; all others belong to the layer, and come with the enrolment.
    /// </summary>
    IReadOnlyCollection<string> OwnOptions => [];

    /// <summary>How to make the actor.</summary>
    Props CreateProps(IpcpContext context);

    /// <summary>The configuration of a layer from options as the CLI and HOCON spell them; see <c>hocon/reference.conf</c>.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="options">Options of this kind, read strictly: unknown keys are errors with their position.</param>
    IpcpConfig ReadConfig(string layer, Ouroboros.Hocon.HoconReader options);
}

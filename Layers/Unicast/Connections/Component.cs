using System.Text;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>A component of a member as connection establishment announces it (layer-management.md section 1).</summary>
/// <param name="Name">One of <see cref="ComponentNames"/>.</param>
/// <param name="Protocol">Name of its protocol.</param>
/// <param name="Version">Its version.</param>
/// <param name="Syntax">0 protobuf, 1 ASN.1, 2 fixed. Management says 0 though its messages are fixed; it must stay for interworking.</param>
public sealed record Component(string Name, string Protocol, int Version, int Syntax)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(Name);
    private readonly byte[] _protocol = Encoding.UTF8.GetBytes(Protocol);

    /// <summary>Data transfer of a unicast layer.</summary>
    public static Component DataTransfer { get; } = new(ComponentNames.DataTransfer, "dtp", 1, 2);

    /// <summary>Link-state routing of a unicast layer.</summary>
    public static Component Management { get; } = new(ComponentNames.Management, "LSP", 1, 0);

    /// <summary>Enrolment, of both kinds of layer.</summary>
    public static Component Enrolment { get; } = new(ComponentNames.Enrolment, "OEP", 1, 0);

    /// <summary>Data transfer of a broadcast layer: no protocol name, version 0.</summary>
    public static Component Broadcast { get; } = new(ComponentNames.DataTransfer, "", 0, 0);

    /// <summary>What a unicast member has.</summary>
    public static IReadOnlyList<Component> OfUnicast { get; } = [DataTransfer, Management, Enrolment];

    /// <summary>What a broadcast member has.</summary>
    public static IReadOnlyList<Component> OfBroadcast { get; } = [Broadcast, Enrolment];

    /// <summary>The name as it is sent.</summary>
    public ReadOnlySpan<byte> NameBytes => _name;

    /// <summary>The protocol's name as it is sent.</summary>
    public ReadOnlySpan<byte> ProtocolBytes => _protocol;

    /// <summary>Whether connections of it make a neighbour; an enrolment ends with its flow.</summary>
    public bool IsNeighbourhood => Name != ComponentNames.Enrolment;
}

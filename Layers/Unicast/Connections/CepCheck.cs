using Ouroboros.Layers.Unicast.Connections.Wire;

namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>The checks of a received message, the same for both sides, in the order of layer-management.md 3.2.</summary>
public static class CepCheck
{
    /// <summary>Checks an answer; the component's name in it does not count.</summary>
    public static CepFailure? Answer(Component component, ulong ownAddress, in CepMessage answer) =>
        answer.IsRefusal ? CepFailure.Refused : Peer(component, ownAddress, answer);

    /// <summary>Checks what the other side says of the component. The reference's acceptor does not look (defect D2): it keeps neighbours that are none.</summary>
    public static CepFailure? Peer(Component component, ulong ownAddress, in CepMessage message)
    {
        ArgumentNullException.ThrowIfNull(component);
        if (!message.Protocol.SequenceEqual(component.ProtocolBytes)) return CepFailure.ProtocolMismatch;
        if (message.Version != component.Version) return CepFailure.VersionMismatch;
        if (message.Syntax != component.Syntax) return CepFailure.SyntaxMismatch;
        // Enrolments, and members of broadcast layers, have no address.
        if (!component.IsNeighbourhood || ownAddress == 0) return null;
        if (message.Address is 0 or > uint.MaxValue) return CepFailure.NoAddress;
        return message.Address == ownAddress ? CepFailure.AddressClash : null;
    }

    /// <summary>What to tell a person.</summary>
    public static string Explain(CepFailure failure, string component, string destination) => failure switch
    {
        CepFailure.Silent => $"'{destination}' took the flow but said nothing in time; is its IPCP in a layer?",
        CepFailure.FlowEnded => $"'{destination}' ended the flow",
        CepFailure.Malformed => $"'{destination}' sent something else than connection establishment; is the name that of an IPCP?",
        CepFailure.Refused => $"'{destination}' has no component {component}; is it in a layer of this kind?",
        CepFailure.ProtocolMismatch => $"the component {component} of '{destination}' speaks another protocol",
        CepFailure.VersionMismatch => $"the component {component} of '{destination}' is of another version",
        CepFailure.SyntaxMismatch => $"the component {component} of '{destination}' has another syntax",
        CepFailure.NoAddress => $"'{destination}' has no address",
        CepFailure.AddressClash => $"'{destination}' has the address of this member, or is this member",
        CepFailure.OwnFlow => $"'{destination}' leads back to this member",
        _ => $"'{destination}' was not connected: {failure}",
    };
}

namespace Ouroboros.Runtime.Security;

/// <summary>
/// The handshake that goes with a flow allocation: a blob from the client, a blob back. A refusal is an exception with
/// <see cref="FlowError.CryptoFailed"/> or <see cref="FlowError.AuthenticationFailed"/>, which reaches both ends.
/// </summary>
public interface IFlowSecurity
{
    /// <summary>Whether a flow between two applications of this runtime, which no layer carries, goes through the handshake as well.</summary>
    bool CoversDirectFlows => true;

    /// <summary>The client's blob for an allocation to <paramref name="name"/>, and what it needs to check the answer.</summary>
    (ReadOnlyMemory<byte> Request, object? State) Begin(string name);

    /// <summary>The server's answer to a client's blob.</summary>
    /// <exception cref="FlowException">The server refuses.</exception>
    ReadOnlyMemory<byte> Serve(string name, ReadOnlyMemory<byte> request);

    /// <summary>The client checks the answer.</summary>
    /// <exception cref="FlowException">The client refuses.</exception>
    void Complete(string name, object? state, ReadOnlyMemory<byte> response);
}

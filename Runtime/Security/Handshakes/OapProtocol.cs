namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>The conversation between flows and the sagas of their handshakes.</summary>
internal static class OapProtocol
{
    /// <summary>To the parent of sagas: see to this handshake. Answered to its flow, always.</summary>
    public sealed record Start(Handshake Handshake);

    /// <summary>To the flow of a client: the request is there.</summary>
    public sealed record Ready(Handshake Handshake);

    /// <summary>To the saga of a client: the server's answer.</summary>
    public sealed record Response(ReadOnlyMemory<byte> Data);

    /// <summary>To the flow: it is done, and the handshake has the result; or it has failed.</summary>
    /// <param name="Handshake">Which.</param>
    /// <param name="Failure">What both ends are to be told; null = none.</param>
    /// <param name="Overloaded">There are too many; the request was not even looked at.</param>
    public sealed record Done(Handshake Handshake, FlowException? Failure = null, bool Overloaded = false);

    /// <summary>To the saga: the flow does not want it any more.</summary>
    public sealed record Cancel
    {
        public static readonly Cancel Instance = new();
    }
}

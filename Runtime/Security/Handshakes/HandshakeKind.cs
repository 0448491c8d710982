namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>Which part of a handshake a saga sees to.</summary>
internal enum HandshakeKind
{
    /// <summary>The client's half: makes the request, waits for the answer, checks it.</summary>
    Client,

    /// <summary>The server's half: answers a request that a layer brought.</summary>
    Server,

    /// <summary>Both halves, of a flow that no layer carries.</summary>
    Direct,
}

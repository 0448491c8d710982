using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime;

/// <summary>Accepts everything: for tests of what goes on around the handshake, with layers that carry any bytes.</summary>
internal sealed class NoHandshake : IFlowSecurity
{
    public (ReadOnlyMemory<byte> Request, object? State) Begin(string name) => (default, null);

    public ReadOnlyMemory<byte> Serve(string name, ReadOnlyMemory<byte> request) => default;

    public void Complete(string name, object? state, ReadOnlyMemory<byte> response)
    {
    }
}

using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime;

/// <summary>Accepts everything: for tests of what goes on around the handshake, with layers that carry any bytes.</summary>
internal sealed class NoHandshake : IFlowSecurity, IClientHandshake
{
    public ReadOnlyMemory<byte> Request => default;

    public bool MayEncrypt => false;

    public bool IsPlain(NameInfo name, FlowSide side) => true;

    public IClientHandshake Begin(NameInfo name) => this;

    public IClientHandshake? TryBeginLight(NameInfo name) => this;

    public FlowProtection? TryServeLight(NameInfo name, ReadOnlyMemory<byte> request) => FlowProtection.None;

    public FlowProtection Serve(NameInfo name, ReadOnlyMemory<byte> request) => FlowProtection.None;

    public bool IsLight(ReadOnlyMemory<byte> response) => true;

    public FlowProtection Complete(ReadOnlyMemory<byte> response) => FlowProtection.None;

    public void Dispose()
    {
    }
}

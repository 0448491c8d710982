using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Security.Handshakes;

/// <summary>Both ends of a direct flow: the same bytes as through a layer, only that nobody carries them.</summary>
internal sealed record DirectResult(FlowProtection Server, FlowProtection Client) : IDisposable
{
    public static DirectResult Of(IFlowSecurity security, NameInfo name)
    {
        using var client = security.Begin(name);
        var server = security.Serve(name, client.Request);
        try
        {
            return new DirectResult(server, client.Complete(server.Response));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }
}

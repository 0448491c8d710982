namespace Ouroboros.Runtime.Security;

/// <summary>No authentication and no encryption: empty blobs, everything accepted.</summary>
public sealed class PlainFlowSecurity : IFlowSecurity
{
    /// <summary>The only one.</summary>
    public static PlainFlowSecurity Instance { get; } = new();

    /// <inheritdoc/>
    public (ReadOnlyMemory<byte> Request, object? State) Begin(string name) => (default, null);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Serve(string name, ReadOnlyMemory<byte> request) => default;

    /// <inheritdoc/>
    public void Complete(string name, object? state, ReadOnlyMemory<byte> response)
    {
    }
}

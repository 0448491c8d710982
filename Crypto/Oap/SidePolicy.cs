namespace Ouroboros.Crypto.Oap;

/// <summary>What one side of a name asks for beyond its files.</summary>
public sealed record SidePolicy
{
    /// <summary>Nothing beyond the files.</summary>
    public static SidePolicy Default { get; } = new();

    /// <summary>Encryption, in place of an enc.conf; null = what the file says.</summary>
    public EncryptionOptions? Encryption { get; init; }

    /// <summary>No encryption is asked for, whatever the file says.</summary>
    public bool NoEncryption { get; init; }

    /// <summary>See <see cref="OapSide.RequireAuthentication"/>.</summary>
    public bool RequireAuthentication { get; init; }

    /// <summary>See <see cref="OapSide.RequireEncryption"/>.</summary>
    public bool RequireEncryption { get; init; }

    /// <summary>See <see cref="OapSide.AllowCounterMode"/>.</summary>
    public bool AllowCounterMode { get; init; }
}

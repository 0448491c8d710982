namespace Ouroboros.Crypto.OpenSsl;

/// <summary>Where OpenSSL keeps private keys.</summary>
public enum SecureHeapState
{
    /// <summary>In its ordinary heap: nobody has asked for another.</summary>
    Off,

    /// <summary>In memory that is locked, left out of core dumps and between pages that cannot be touched.</summary>
    Locked,

    /// <summary>As <see cref="Locked"/>, but the system did not lock it: it may be written to swap space.</summary>
    Unlocked,

    /// <summary>In a secure heap that the program around us has made before, of a size that is not known here.</summary>
    Foreign,

    /// <summary>In its ordinary heap: OpenSSL 3 was not found, or was built without a secure heap, or the system has no memory for it.</summary>
    Unavailable,
}

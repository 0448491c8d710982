namespace Ouroboros.Layers.Ipcp;

/// <summary>States of an IPCP; the numbers are the reference's (shims-udp-local.md 1.2).</summary>
public enum IpcpState
{
    /// <summary>Not there.</summary>
    Null = 0,

    /// <summary>Set up, or stopped.</summary>
    Init = 1,

    /// <summary>Accepts bootstrap or enrolment.</summary>
    Boot = 2,

    /// <summary>Never used.</summary>
    Bootstrapped = 3,

    /// <summary>Never used.</summary>
    Enrolled = 4,

    /// <summary>In a layer.</summary>
    Operational = 5,

    /// <summary>Stop requested.</summary>
    Shutdown = 6,
}

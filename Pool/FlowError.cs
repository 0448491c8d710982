namespace Ouroboros;

/// <summary>The reference's error numbers (its calls return them negated); each failed call of the API carries one.</summary>
public enum FlowError
{
    /// <summary>Success.</summary>
    None = 0,

    /// <summary>EPERM: the caller may not do this, or the flow is read-only.</summary>
    NotPermitted = 1,

    /// <summary>EBADF: no flow id or descriptor is free.</summary>
    BadDescriptor = 9,

    /// <summary>EAGAIN: nothing to read, no room to write or no packet memory, and the call may not wait.</summary>
    TryAgain = 11,

    /// <summary>ENOMEM: local set-up failed or memory is exhausted.</summary>
    OutOfMemory = 12,

    /// <summary>EEXIST: the name or object is there already.</summary>
    AlreadyExists = 17,

    /// <summary>EINVAL: an argument is out of range.</summary>
    InvalidArgument = 22,

    /// <summary>EPIPE: the wait was withdrawn because the runtime or the process ends.</summary>
    BrokenPipe = 32,

    /// <summary>EMSGSIZE: the packet is larger than the pool, the layer or the buffer allows.</summary>
    MessageTooLong = 90,

    /// <summary>ENOTSUP: this kind of layer does not do that.</summary>
    NotSupported = 95,

    /// <summary>ECONNRESET: the peer refuses to go on.</summary>
    ConnectionReset = 104,

    /// <summary>ETIMEDOUT: the time given has passed.</summary>
    TimedOut = 110,

    /// <summary>ENOTALLOC: the flow is not allocated.</summary>
    NotAllocated = 1000,

    /// <summary>EIPCPTYPE: unknown kind of IPCP.</summary>
    UnknownIpcpType = 1001,

    /// <summary>EIRMD: the IRMd cannot be reached or answered nonsense.</summary>
    IrmdUnreachable = 1002,

    /// <summary>EIPCP: no layer knows the name, or the IPCP failed.</summary>
    IpcpFailed = 1003,

    /// <summary>EIPCPSTATE: the IPCP is in the wrong state for this.</summary>
    WrongIpcpState = 1004,

    /// <summary>EFLOWDOWN: the flow is down.</summary>
    FlowDown = 1005,

    /// <summary>EFLOWPEER: the peer has not been heard of in time.</summary>
    PeerDead = 1006,

    /// <summary>ENAME: the name is not known here.</summary>
    NameUnknown = 1007,

    /// <summary>ECRYPT: encryption failed or is not supported.</summary>
    CryptoFailed = 1008,

    /// <summary>EAUTH: authentication failed.</summary>
    AuthenticationFailed = 1009,
}

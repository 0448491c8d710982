namespace Ouroboros.Runtime.Control;

/// <summary>What a number means, for daemons that send only the number.</summary>
internal static class ErrorTexts
{
    public static string Of(FlowError error) => error switch
    {
        FlowError.NotPermitted => "the daemon refused, or failed; this number does not tell (-1)",
        FlowError.BadDescriptor => "no flow number is free",
        FlowError.OutOfMemory => "the daemon is out of memory",
        FlowError.AlreadyExists => "it exists already",
        FlowError.InvalidArgument => "an argument is out of range",
        FlowError.NotSupported => "this kind of IPCP does not do that",
        FlowError.TimedOut => "it took too long",
        FlowError.NotAllocated => "the flow is not allocated",
        FlowError.UnknownIpcpType => "the daemon does not have this type of IPCP",
        FlowError.IpcpFailed => "there is no such IPCP, or it failed",
        FlowError.WrongIpcpState => "the IPCP is in the wrong state for this",
        FlowError.NameUnknown => "the name is unknown",
        FlowError.CryptoFailed => "encryption failed",
        FlowError.AuthenticationFailed => "authentication failed",
        _ => $"error {-(int)error}",
    };
}

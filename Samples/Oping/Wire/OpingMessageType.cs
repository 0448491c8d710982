namespace Ouroboros.Samples.Oping.Wire;

/// <summary>The first field of an oping message.</summary>
public enum OpingMessageType : uint
{
    /// <summary>From the client.</summary>
    Request = 0,

    /// <summary>The request, sent back.</summary>
    Reply = 1,
}

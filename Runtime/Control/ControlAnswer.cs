using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>What comes of a request.</summary>
/// <param name="Replies">The records of the reply; none = close without one.</param>
/// <param name="Next">What the connection is used for after the reply; null = it is closed.</param>
internal sealed record ControlAnswer(IReadOnlyList<IrmMsg> Replies, IConversation? Next = null);

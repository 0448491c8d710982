namespace Ouroboros.Layers.Unicast;

/// <summary>A message that is to be sent later.</summary>
/// <param name="Address">To whom.</param>
/// <param name="Message">What.</param>
/// <param name="TriesLeft">How often it is tried again when there is no way.</param>
internal sealed record HeldBackMessage(ulong Address, byte[] Message, int TriesLeft);

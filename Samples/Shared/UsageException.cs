namespace Ouroboros.Samples;

/// <summary>The command line is wrong; the message is what the user is told.</summary>
public sealed class UsageException(string message) : Exception(message);

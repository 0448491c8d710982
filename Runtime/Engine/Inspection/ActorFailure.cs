namespace Ouroboros.Engine.Inspection;

/// <summary>The last failure of an actor.</summary>
/// <param name="Type">Full name of the exception's type.</param>
/// <param name="Message">Its message.</param>
/// <param name="Time">When.</param>
public sealed record ActorFailure(string Type, string Message, DateTimeOffset Time);

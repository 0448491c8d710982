namespace Akka.Actor;

/// <summary>What an actor waits for while children of it are stopping.</summary>
internal enum ChildrenReason : byte
{
    None,
    UserRequest,
    Recreation,
    Creation,
    Termination,
}

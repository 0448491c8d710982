using System.IO.Enumeration;

namespace Akka.Actor;

/// <summary>
/// The actors at a path, found anew for every message: none, one or, with <c>*</c>, <c>?</c> and a final <c>**</c>, many.
/// </summary>
public class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    /// <summary>Makes a selection.</summary>
    /// <param name="anchor">Where the path starts.</param>
    /// <param name="path">The path, with <c>/</c> between its elements.</param>
    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Split('/'))
    {
    }

    /// <summary>Makes a selection.</summary>
    /// <param name="anchor">Where the path starts.</param>
    /// <param name="elements">The elements of the path; empty ones are left out.</param>
    /// <exception cref="IllegalActorNameException"><c>**</c> is not the last element.</exception>
    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        _elements = elements.Where(e => !string.IsNullOrEmpty(e)).ToArray();
        var wildcard = Array.IndexOf(_elements, "**");
        if (wildcard >= 0 && wildcard != _elements.Length - 1)
            throw new IllegalActorNameException("Double wildcard can only appear at the last path entry");
    }

    /// <summary>Where the path starts.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The path from the anchor.</summary>
    public string PathString => "/" + string.Join('/', _elements);

    /// <summary>Sends a message to all actors of the selection.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it; null: the actor that runs now.</param>
    public void Tell(object message, IActorRef? sender = null) => Deliver(message, sender ?? ActorCell.Current, false);

    /// <summary>The actor of the selection that answers first.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="ActorNotFoundException">None answered in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The actor of the selection that answers first.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="ActorNotFoundException">None answered in time.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException("subject was null");
        }
        catch (Exception e)
        {
            throw new ActorNotFoundException("Exception occurred while resolving ActorSelection", e);
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) =>
        obj is ActorSelection other && GetType() == other.GetType() && Equals(Anchor, other.Anchor) && PathString == other.PathString;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    /// <inheritdoc/>
    public override string ToString()
    {
        var uid = Anchor.Path.Uid == ActorPath.UndefinedUid ? "" : $"#{Anchor.Path.Uid}";
        return $"ActorSelection[Anchor({Anchor.Path}{uid}), Path({PathString})]";
    }

    internal void Deliver(object message, IActorRef? sender, bool fannedOut) => Deliver(Anchor, 0, message, sender, fannedOut);

    private void Deliver(IActorRef from, int index, object message, IActorRef? sender, bool fannedOut)
    {
        var actor = from;
        for (; index < _elements.Length; index++)
        {
            if (actor is not ActorCell cell)
            {
                actor.Tell(new SelectionMessage(message, _elements[index..], fannedOut), sender);
                return;
            }
            var element = _elements[index];
            if (element == "..")
            {
                actor = cell.ParentRef;
                continue;
            }
            if (element == "**")
            {
                Flood(cell, message, sender);
                return;
            }
            if (element.AsSpan().ContainsAny('*', '?'))
            {
                FanOut(cell, index, message, sender, fannedOut);
                return;
            }
            if (cell.GetSingleChild(element) is not { } child)
            {
                NotFound(message, index, sender, fannedOut);
                return;
            }
            actor = child;
        }
        actor.Tell(message, sender);
    }

    private static void Flood(ActorCell cell, object message, IActorRef? sender)
    {
        foreach (var child in cell.ChildCells())
        {
            child.Tell(message, sender);
            Flood(child, message, sender);
        }
    }

    private void FanOut(ActorCell cell, int index, object message, IActorRef? sender, bool fannedOut)
    {
        var pattern = _elements[index];
        var matching = Array.FindAll(cell.ChildCells(), c => FileSystemName.MatchesSimpleExpression(pattern, c.Name));
        if (matching.Length == 0) NotFound(message, index, sender, fannedOut);
        foreach (var child in matching) Deliver(child, index + 1, message, sender, fannedOut || matching.Length > 1);
    }

    // Behind a wildcard that more than one actor matched, those that have no such child are no error.
    private void NotFound(object message, int index, IActorRef? sender, bool fannedOut)
    {
        if (fannedOut) return;
        var system = ((ActorRefBase)Anchor).SystemImpl;
        new EmptyRef(system, Anchor.Path / _elements).Tell(new SelectionMessage(message, _elements[index..], fannedOut), sender);
    }
}

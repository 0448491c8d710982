using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <content>Names: which are ours, where others are, and the search for them.</content>
public sealed partial class ShimCore
{
    private readonly HashSet<NameHash> _registry = [];
    private readonly NameDirectory _directory;
    private readonly Dictionary<NameHash, NameQuery> _queries = [];

    /// <summary>Names registered here.</summary>
    public int NameCount => _registry.Count;

    /// <summary>Names whose address is known.</summary>
    public int DirectoryCount => _directory.Count;

    /// <summary>Names that are being looked for.</summary>
    public int QueryCount => _queries.Count;

    /// <summary>Answers for a name from now on; false when it did so before.</summary>
    public bool Register(NameHash hash) => _registry.Add(hash);

    /// <summary>Stops answering for a name; false when it did not.</summary>
    public bool Unregister(NameHash hash) => _registry.Remove(hash);

    /// <summary>Whether a name is registered here.</summary>
    public bool IsRegistered(NameHash hash) => _registry.Contains(hash);

    /// <summary>
    /// Looks for a name in the layer. <see cref="ShimEvent.QueryAnswered"/> comes at once or within
    /// <see cref="ShimSettings.QueryAnswer"/>; the search goes on after that and fills the directory.
    /// </summary>
    /// <param name="hash">The name.</param>
    /// <param name="token">Given back with the answer.</param>
    /// <param name="now">The clock.</param>
    public void Query(NameHash hash, object token, TimeSpan now)
    {
        if (_directory.TryGet(hash, now, out _, out _))
        {
            Answer(token, true);
            return;
        }
        if (!_queries.TryGetValue(hash, out var query))
        {
            if (_queries.Count >= _settings.MaxQueries)
            {
                Answer(token, false);
                return;
            }
            query = new NameQuery { Hash = hash, EndsAt = now + _settings.QueryLife, RepeatAt = TimeSpan.MaxValue, RepeatAfter = 2 * _settings.QueryRepeat };
            _queries.Add(hash, query);
            _timers.Enqueue(query, query.EndsAt);
            if (_codec.HasNameQueries)
            {
                SendQuery(query, now);
                query.RepeatAt = now + _settings.QueryRepeat;
                _timers.Enqueue(query, query.RepeatAt);
            }
            else
            {
                _events.Enqueue(new ShimEvent.ResolveWanted(hash));
            }
        }
        if (query.Waiters.Count >= NameQuery.MaxWaiters)
        {
            Answer(token, false);
            return;
        }
        var answerAt = now + _settings.QueryAnswer;
        query.Waiters.Enqueue((token, answerAt));
        _timers.Enqueue(query, answerAt);
    }

    /// <summary>A name was found by other means than messages.</summary>
    /// <param name="hash">The name.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="expiry">How long that is to be believed.</param>
    /// <param name="now">The clock.</param>
    public void Learn(NameHash hash, LinkAddress address, TimeSpan expiry, TimeSpan now)
    {
        _directory.Add(hash, address, isOurs: false, now, expiry);
        if (_queries.Remove(hash, out var query)) AnswerAll(query, true);
    }

    /// <summary>A name could not be found by other means than messages.</summary>
    public void NotFound(NameHash hash)
    {
        if (_queries.Remove(hash, out var query)) AnswerAll(query, false);
    }

    /// <summary>Forgets where names are: the link was away, and others may have moved meanwhile.</summary>
    public void ForgetAddresses() => _directory.Clear();

    private void OnNameQuery(in ShimMessage message, LinkAddress source, TimeSpan now)
    {
        var hash = new NameHash(message.Hash);
        // Not an error: everybody hears every query.
        if (!_registry.Contains(hash)) return;
        var isOurs = _settings.MakeOffer && ShimOffer.IsOffer(message.Offer);
        var reply = Encode(new ShimMessage { Kind = ShimMessageKind.NameReply, Hash = message.Hash, Offer = isOurs ? _offer : ShimOffer.None });
        if (reply is not null) Send(source, reply, isOurs ? now : now + _settings.HoldBack, now);
    }

    private void OnNameReply(in ShimMessage message, LinkAddress source, TimeSpan now)
    {
        var hash = new NameHash(message.Hash);
        var isOurs = _settings.MakeOffer && ShimOffer.IsOffer(message.Offer);
        if (!_queries.Remove(hash, out var query))
        {
            // Others that answer the same query come late; whoever was not asked for is not believed.
            if (_directory.TryGet(hash, now, out var known, out _) && known == source) _directory.Add(hash, source, isOurs, now, _settings.DirectoryExpiry);
            else Counters.Note(ShimDrop.UnaskedNameReply);
            return;
        }
        _directory.Add(hash, source, isOurs, now, _settings.DirectoryExpiry);
        AnswerAll(query, true);
    }

    private void TickQuery(NameQuery query, TimeSpan now)
    {
        if (!_queries.TryGetValue(query.Hash, out var current) || current != query) return;
        while (query.Waiters.TryPeek(out var waiter) && waiter.AnswerAt <= now)
        {
            query.Waiters.Dequeue();
            Answer(waiter.Token, false);
        }
        if (query.EndsAt <= now)
        {
            _queries.Remove(query.Hash);
            AnswerAll(query, false);
            return;
        }
        if (query.RepeatAt > now) return;
        SendQuery(query, now);
        query.RepeatAt = now + query.RepeatAfter;
        query.RepeatAfter *= 2;
        _timers.Enqueue(query, query.RepeatAt);
    }

    private void SendQuery(NameQuery query, TimeSpan now)
    {
        var message = Encode(new ShimMessage { Kind = ShimMessageKind.NameQuery, Hash = query.Hash.Span, Offer = _offer });
        if (message is not null) Send(LinkAddress.Broadcast, message, now, now);
    }

    private void AnswerAll(NameQuery query, bool found)
    {
        while (query.Waiters.TryDequeue(out var waiter)) Answer(waiter.Token, found);
    }

    private void Answer(object token, bool found) => _events.Enqueue(new ShimEvent.QueryAnswered(token, found));
}

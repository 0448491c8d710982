using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Directory.Dht.Storage;
using Ouroboros.Layers.Unicast.Directory.Dht.Wire;

namespace Ouroboros.Layers.Unicast.Directory.Dht;

/// <summary>What comes in: the checks of dht.md section 6 and those that its section 13 adds, then who does what with it.</summary>
public sealed partial class DhtNode
{
    /// <summary>Contacts of one answer that are used (dht.md section 13).</summary>
    private const int MaxContactsUsed = 20;

    /// <summary>Takes a message as it came from the network.</summary>
    public void Receive(ReadOnlySpan<byte> data, DhtTime now)
    {
        if (!DhtEnvelope.TryParse(data, out var envelope))
        {
            Counters.CountDropped(DhtDrop.Malformed);
            return;
        }
        if (envelope.Source.Id.Length != _options.KeyLength)
        {
            Counters.CountDropped(DhtDrop.SourceId);
            return;
        }
        if (!IsAddress(envelope.Source.Address))
        {
            Counters.CountDropped(DhtDrop.SourceAddress);
            return;
        }
        var source = new DhtContact(new DhtKey(envelope.Source.Id), envelope.Source.Address);
        switch ((DhtCode)envelope.Code)
        {
            case DhtCode.Store:
                ReceiveStore(envelope, source, now);
                break;
            case DhtCode.FindNodeRequest or DhtCode.FindValueRequest:
                ReceiveFind(envelope, source, now);
                break;
            case DhtCode.FindNodeAnswer or DhtCode.FindValueAnswer:
                ReceiveAnswer(envelope, source, now);
                break;
            default:
                Counters.CountDropped(DhtDrop.Code);
                break;
        }
    }

    /// <summary>Takes a message that was decoded, or never encoded; its contacts and values are checked here, too.</summary>
    public void Receive(in DhtMessage message, DhtTime now)
    {
        if (message.Source.Id.Length != _options.KeyLength)
        {
            Counters.CountDropped(DhtDrop.SourceId);
            return;
        }
        if (!IsAddress(message.Source.Address))
        {
            Counters.CountDropped(DhtDrop.SourceAddress);
            return;
        }
        if (message.Source.Address == _own.Address)
        {
            Counters.CountDropped(DhtDrop.SourceIsSelf);
            return;
        }
        if (message.Key.Length != _options.KeyLength)
        {
            Counters.CountDropped(DhtDrop.KeyLength);
            return;
        }
        Enter(now);
        switch (message.Code)
        {
            case DhtCode.Store:
                OnStore(message);
                if (!_isSooner) return;
                break;
            case DhtCode.FindNodeRequest or DhtCode.FindValueRequest:
                OnFind(message);
                if (!_isSooner) return;
                break;
            case DhtCode.FindNodeAnswer or DhtCode.FindValueAnswer:
                OnAnswer(message);
                break;
            default:
                Counters.CountDropped(DhtDrop.Code);
                break;
        }
        Leave();
    }

    private bool HasKey(bool present, ReadOnlySpan<byte> key)
    {
        if (present && key.Length == _options.KeyLength) return true;
        Counters.CountDropped(present ? DhtDrop.KeyLength : DhtDrop.MissingPart);
        return false;
    }

    private void ReceiveStore(in DhtEnvelope envelope, in DhtContact source, DhtTime now)
    {
        var store = envelope.Store;
        if (!HasKey(envelope.HasStore, store.Key)) return;
        if (!AddressValue.TryRead(store.Value, out var address))
        {
            Counters.CountDropped(DhtDrop.Value);
            return;
        }
        Receive(
            new DhtMessage
            {
                Code = DhtCode.Store,
                Source = source,
                Key = new DhtKey(store.Key),
                Value = address,
                Expiry = store.Expiry,
                IsMarked = envelope.IsMarked,
            },
            now);
    }

    private void ReceiveFind(in DhtEnvelope envelope, in DhtContact source, DhtTime now)
    {
        if (!HasKey(envelope.HasFind, envelope.Find.Key)) return;
        Receive(
            new DhtMessage
            {
                Code = (DhtCode)envelope.Code,
                Source = source,
                Key = new DhtKey(envelope.Find.Key),
                Cookie = envelope.Find.Cookie,
                IsMarked = envelope.IsMarked,
            },
            now);
    }

    private void ReceiveAnswer(in DhtEnvelope envelope, in DhtContact source, DhtTime now)
    {
        if (!HasKey(envelope.HasNode, envelope.Node.Key)) return;
        if ((DhtCode)envelope.Code == DhtCode.FindValueAnswer && !envelope.HasValues)
        {
            Counters.CountDropped(DhtDrop.MissingPart);
            return;
        }
        Span<ulong> values = stackalloc ulong[ValueStore.MaxPerKey];
        var valueCount = envelope.HasValues ? ReadValues(envelope.Values, values) : 0;
        Receive(
            new DhtMessage
            {
                Code = (DhtCode)envelope.Code,
                Source = source,
                Key = new DhtKey(envelope.Node.Key),
                Cookie = envelope.Node.Cookie,
                Contacts = ReadContacts(envelope.Node),
                Values = values[..valueCount],
                IsMarked = envelope.IsMarked,
            },
            now);
    }

    private ReadOnlySpan<DhtContact> ReadContacts(in NodeMessage node)
    {
        var contacts = Pool.Received;
        var count = 0;
        foreach (var contact in node)
        {
            if (count == MaxContactsUsed)
            {
                Counters.CountDropped(DhtDrop.Excess, node.ContactCount - MaxContactsUsed);
                break;
            }
            // What else is wrong with it is found where it is used.
            if (contact.Id.Length == _options.KeyLength) contacts[count++] = new DhtContact(new DhtKey(contact.Id), contact.Address);
            else Counters.CountDropped(DhtDrop.Contact);
        }
        return contacts.AsSpan(0, count);
    }

    private int ReadValues(in ValuesMessage values, Span<ulong> into)
    {
        var count = 0;
        foreach (var value in values)
        {
            if (count == into.Length)
            {
                Counters.CountDropped(DhtDrop.Excess);
                break;
            }
            if (AddressValue.TryRead(value, out var address)) into[count++] = address;
            else Counters.CountDropped(DhtDrop.Value);
        }
        return count;
    }

    private void OnFind(in DhtMessage message)
    {
        Counters.CountReceived(message.Code);
        var forValues = message.Code == DhtCode.FindValueRequest;
        if (forValues) AcknowledgeWithdrawal(message.Key, message.Source.Address);
        Span<ulong> values = stackalloc ulong[ValueStore.MaxPerKey];
        var valueCount = forValues ? CopyValues(message.Key, values) : 0;
        Answer(message.Code, message.Source, message.Key, message.Cookie, values[..valueCount]);
        Hear(message.Source);
        if (forValues && valueCount == 0 && !message.IsMarked) SearchFor(message);
    }

    private void Answer(DhtCode request, in DhtContact to, in DhtKey key, ulong cookie, ReadOnlySpan<ulong> values)
    {
        var contacts = Pool.ToSend.AsSpan(0, _maxContacts);
        // Whoever asks may be among them and needs no reminder of himself.
        var count = _table.Closest(key, contacts, to.Address);
        // Debug builds of the reference abort on an answer without any contact (dht.md T9).
        if (count == 0) contacts[count++] = to;
        Send(to.Address, new DhtMessage
        {
            Code = request == DhtCode.FindValueRequest ? DhtCode.FindValueAnswer : DhtCode.FindNodeAnswer,
            Source = _own,
            Key = key,
            Cookie = cookie,
            Contacts = contacts[..count],
            Values = values,
            IsMarked = true,
        });
    }

    private void OnAnswer(in DhtMessage message)
    {
        if (!TryAnswerLookup(message) && !TryAnswerProbe(message) && !TryAnswerSeed(message))
        {
            Counters.CountDropped(DhtDrop.UnknownCookie);
            return;
        }
        Counters.CountReceived(message.Code);
    }

    private void Meet(in DhtContact contact, bool marked)
    {
        var first = _table.Count == 0;
        var added = _table.Answer(contact, marked);
        if (first && _table.Count > 0) OnFirstContact();
        else if (added && _table.Count <= SmallLayer) PublishSoon(contact.Address);
    }

    private void Hear(in DhtContact contact)
    {
        if (_table.Hear(contact) == Heard.Room) ProbeContact(contact);
    }

    private void Miss(in DhtContact contact)
    {
        if (!_table.Miss(contact, out var probe)) return;
        Counters.Evictions++;
        if (probe.Address != 0) ProbeContact(probe);
    }
}

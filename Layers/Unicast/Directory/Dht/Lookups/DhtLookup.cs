using Ouroboros.Layers.Unicast.Directory.Dht.Routing;

namespace Ouroboros.Layers.Unicast.Directory.Dht.Lookups;

/// <summary>
/// The state of one iterative look-up: the nodes it knows of, nearest to the target first, and where it is with each. It says whom to ask next
/// and when it is done; sending and time-outs are the node's. At most <see cref="Capacity"/> nodes are kept; the farthest gives way.
/// </summary>
internal sealed class DhtLookup
{
    /// <summary>Nodes that a look-up gets to know at most (dht.md section 13).</summary>
    public const int Capacity = 64;

    // Candidates stay where they are; their order is a list of places, which is cheap to shift.
    private readonly Candidate[] _candidates = new Candidate[Capacity];
    private readonly ulong[] _addresses = new ulong[Capacity];
    private readonly byte[] _order = new byte[Capacity];
    private int _count;

    public DhtKey Target { get; private set; }

    public LookupPurpose Purpose { get; private set; }

    /// <summary>Whether it asks for values, and ends with the first that it gets.</summary>
    public bool ForValues => Purpose == LookupPurpose.Query;

    /// <summary>What is to be done with the result; the purpose says what it is.</summary>
    public object? Subject { get; private set; }

    public long StartedAt { get; private set; }

    /// <summary>Goes on past the k nearest, to every node that it knows: where reference nodes are, values are not near their keys.</summary>
    public bool Exhaustive { get; set; }

    /// <summary>Requests sent.</summary>
    public int Requests { get; set; }

    /// <summary>Nodes that are being waited for, without those that are late.</summary>
    public int InFlight { get; set; }

    /// <summary>Before this nothing is due, milliseconds.</summary>
    public long Due { get; set; }

    /// <summary>Whether a node that answered did not mark itself as one of ours.</summary>
    public bool MetReference { get; set; }

    /// <summary>Values that were found and lead to addresses that routing does not reach; of use when there are no others.</summary>
    public ulong[]? Unreached { get; set; }

    public void Begin(in DhtKey target, LookupPurpose purpose, object? subject, long now)
    {
        Target = target;
        Purpose = purpose;
        Subject = subject;
        StartedAt = now;
        Exhaustive = false;
        MetReference = false;
        Unreached = null;
        Requests = 0;
        InFlight = 0;
        Due = long.MaxValue;
        _count = 0;
    }

    /// <summary>Lets go of everything, to be used again.</summary>
    public void Clear()
    {
        Array.Clear(_candidates, 0, _count);
        _count = 0;
        Target = default;
        Subject = null;
        Unreached = null;
    }

    public ref Candidate this[int place] => ref _candidates[place];

    /// <summary>Places of the candidates, nearest first.</summary>
    public ReadOnlySpan<byte> Order => _order.AsSpan(0, _count);

    /// <summary>Makes a node known to the look-up, unless its address is, or it is farther than all of too many.</summary>
    public void Add(in DhtContact contact, int hops)
    {
        if (_addresses.AsSpan(0, _count).Contains(contact.Address)) return;
        var place = _count;
        if (_count == Capacity && !TryDropFarthest(contact, out place)) return;
        var distance = contact.Id.Prefix ^ Target.Prefix;
        var at = _count;
        while (at > 0 && IsNearer(distance, contact, _candidates[_order[at - 1]])) at--;
        _order.AsSpan(at, _count - at).CopyTo(_order.AsSpan(at + 1));
        _order[at] = (byte)place;
        _count++;
        _addresses[place] = contact.Address;
        _candidates[place] = new Candidate { Contact = contact, Distance = distance, Hops = (byte)Math.Min(hops, byte.MaxValue) };
    }

    /// <summary>The place of the node that was asked with this cookie and has this address; -1 when there is none.</summary>
    public int Find(ulong cookie, ulong address)
    {
        var place = _addresses.AsSpan(0, _count).IndexOf(address);
        return place >= 0 && unchecked(cookie - _candidates[place].Cookie) < _candidates[place].Tries ? place : -1;
    }

    /// <summary>The nearest node that is to be asked next: -1 when there is none to ask.</summary>
    /// <param name="k">Of how many nearest, those apart that failed.</param>
    /// <param name="done">Whether all of these have answered.</param>
    public int Next(int k, out bool done)
    {
        done = true;
        var left = Exhaustive ? Capacity : k;
        foreach (var place in Order)
        {
            if (left == 0) break;
            switch (_candidates[place].State)
            {
                case CandidateState.New:
                    done = false;
                    return place;
                case CandidateState.Asked:
                    done = false;
                    // One that is late is probably gone: the next takes its place, though its answer is still waited for.
                    if (_candidates[place].Tries == 1) left--;
                    break;
                case CandidateState.Answered:
                    left--;
                    break;
            }
        }
        return -1;
    }

    /// <summary>The nearest nodes that answered, nearest first.</summary>
    public int CopyAnswered(Span<DhtContact> into)
    {
        var count = 0;
        foreach (var place in Order)
        {
            if (count == into.Length) break;
            if (_candidates[place].State == CandidateState.Answered) into[count++] = _candidates[place].Contact;
        }
        return count;
    }

    /// <summary>Hops to the nearest node that answered; 0 when none did.</summary>
    public int HopsToNearest()
    {
        foreach (var place in Order)
        {
            if (_candidates[place].State == CandidateState.Answered) return _candidates[place].Hops;
        }
        return 0;
    }

    private static bool IsNearer(ulong distance, in DhtContact contact, in Candidate other, in DhtKey target) =>
        distance != other.Distance ? distance < other.Distance : target.IsNearer(contact.Id, other.Contact.Id);

    private bool IsNearer(ulong distance, in DhtContact contact, in Candidate other) => IsNearer(distance, contact, other, Target);

    // Only a node that was not asked yet, or failed, can give way: the others are waited for or part of the result.
    private bool TryDropFarthest(in DhtContact contact, out int place)
    {
        place = -1;
        var distance = contact.Id.Prefix ^ Target.Prefix;
        for (var i = _count - 1; i >= 0; i--)
        {
            place = _order[i];
            ref var candidate = ref _candidates[place];
            if (!IsNearer(distance, contact, candidate)) return false;
            if (candidate.State is CandidateState.Asked or CandidateState.Answered) continue;
            _order.AsSpan(i + 1, _count - i - 1).CopyTo(_order.AsSpan(i));
            _count--;
            return true;
        }
        return false;
    }
}

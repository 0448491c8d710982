using System.Runtime.CompilerServices;
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

    // What is fetched before an answer is worked on.
    private const int HeadBytes = 64;
    private const int UsualCount = 24;

    // Candidates stay where they are; their order is a list of places, which is cheap to shift. All of it is one object, and what is gone through for every answer lies apart from what
    // is looked at of one candidate: in a process with many nodes, fetching memory is what an answer costs.
    private int _count;
    private DhtKey _target;
    private Places _order;
    private Progresses _progress;
    private Numbers _addresses;
    private Numbers _distances;
    private Numbers _cookies;
    private Times _dues;
    private Candidates _candidates;

    public DhtKey Target => _target;

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

    /// <summary>Whether a node that answered did not mark itself as one of ours.</summary>
    public bool MetReference { get; set; }

    /// <summary>Values that were found and lead to addresses that routing does not reach; of use when there are no others.</summary>
    public ulong[]? Unreached { get; set; }

    public void Begin(in DhtKey target, LookupPurpose purpose, object? subject, long now)
    {
        _target = target;
        Purpose = purpose;
        Subject = subject;
        StartedAt = now;
        Exhaustive = false;
        MetReference = false;
        Unreached = null;
        Requests = 0;
        InFlight = 0;
        _count = 0;
    }

    /// <summary>Lets go of everything, to be used again.</summary>
    public void Clear()
    {
        ((Span<Candidate>)_candidates)[.._count].Clear();
        _count = 0;
        _target = default;
        Subject = null;
        Unreached = null;
    }

    public ref Candidate this[int place] => ref _candidates[place];

    /// <summary>Places of the candidates, nearest first.</summary>
    public ReadOnlySpan<byte> Order => ((ReadOnlySpan<byte>)_order)[.._count];

    /// <summary>Where it is with a candidate.</summary>
    public ref CandidateProgress Progress(int place) => ref _progress[place];

    /// <summary>
    /// What the answer to a candidate's first request has to carry; those to repetitions have the next numbers, so that one knows which was answered.
    /// </summary>
    public ref ulong Cookie(int place) => ref _cookies[place];

    /// <summary>When a candidate will be asked again or given up, milliseconds.</summary>
    public ref long Due(int place) => ref _dues[place];

    /// <summary>Makes a node known to the look-up, unless its address is, or it is farther than all of too many.</summary>
    public void Add(in DhtContact contact, int hops)
    {
        if (((ReadOnlySpan<ulong>)_addresses)[.._count].Contains(contact.Address)) return;
        var place = _count;
        if (_count == Capacity && !TryDropFarthest(contact, out place)) return;
        var distance = contact.Id.Prefix ^ Target.Prefix;
        Span<byte> order = _order;
        var at = _count;
        while (at > 0 && IsNearer(distance, contact, order[at - 1])) at--;
        order[at.._count].CopyTo(order[(at + 1)..]);
        order[at] = (byte)place;
        _count++;
        _addresses[place] = contact.Address;
        _distances[place] = distance;
        _progress[place] = new CandidateProgress { Hops = (byte)Math.Min(hops, byte.MaxValue) };
        _candidates[place] = new Candidate { Contact = contact };
    }

    /// <summary>The place of the node that was asked with this cookie and has this address; -1 when there is none.</summary>
    public int Find(ulong cookie, ulong address)
    {
        var place = ((ReadOnlySpan<ulong>)_addresses)[.._count].IndexOf(address);
        return place >= 0 && unchecked(cookie - _cookies[place]) < _progress[place].Tries ? place : -1;
    }

    /// <summary>The nearest node that is to be asked next: -1 when there is none to ask.</summary>
    /// <param name="k">Of how many nearest, those apart that failed.</param>
    /// <param name="done">Whether all of these have answered.</param>
    public int Next(int k, out bool done)
    {
        done = true;
        var left = Exhaustive ? Capacity : k;
        ReadOnlySpan<CandidateProgress> progress = _progress;
        foreach (var place in Order)
        {
            if (left == 0) break;
            switch (progress[place].State)
            {
                case CandidateState.New:
                    done = false;
                    return place;
                case CandidateState.Asked:
                    done = false;
                    // One that is late is probably gone: the next takes its place, though its answer is still waited for.
                    if (progress[place].Tries == 1) left--;
                    break;
                case CandidateState.Answered:
                    left--;
                    break;
            }
        }
        return -1;
    }

    /// <summary>When the first of those that are being waited for will be asked again or given up, milliseconds.</summary>
    public long NextDue()
    {
        var due = long.MaxValue;
        ReadOnlySpan<CandidateProgress> progress = _progress;
        for (var place = 0; place < _count; place++)
        {
            if (progress[place].State == CandidateState.Asked) due = Math.Min(due, _dues[place]);
        }
        return due;
    }

    /// <summary>The nearest nodes that answered, nearest first.</summary>
    public int CopyAnswered(Span<DhtContact> into)
    {
        var count = 0;
        foreach (var place in Order)
        {
            if (count == into.Length) break;
            if (_progress[place].State == CandidateState.Answered) into[count++] = _candidates[place].Contact;
        }
        return count;
    }

    /// <summary>Hops to the nearest node that answered; 0 when none did.</summary>
    public int HopsToNearest()
    {
        foreach (var place in Order)
        {
            if (_progress[place].State == CandidateState.Answered) return _progress[place].Hops;
        }
        return 0;
    }

    /// <summary>Begins to fetch what an answer needs.</summary>
    public void Fetch()
    {
        CacheLines.Fetch(this, HeadBytes);
        CacheLines.Fetch(ref _target, 1);
        CacheLines.Fetch(ref _order[0], UsualCount);
        CacheLines.Fetch(ref _progress[0], UsualCount);
        CacheLines.Fetch(ref _addresses[0], UsualCount);
        CacheLines.Fetch(ref _distances[0], UsualCount);
        CacheLines.Fetch(ref _cookies[0], UsualCount);
        CacheLines.Fetch(ref _dues[0], UsualCount);
    }

    private bool IsNearer(ulong distance, in DhtContact contact, int than) =>
        distance != _distances[than] ? distance < _distances[than] : Target.IsNearer(contact.Id, _candidates[than].Contact.Id);

    // Only a node that was not asked yet, or failed, can give way: the others are waited for or part of the result.
    private bool TryDropFarthest(in DhtContact contact, out int place)
    {
        place = -1;
        var distance = contact.Id.Prefix ^ Target.Prefix;
        Span<byte> order = _order;
        for (var i = _count - 1; i >= 0; i--)
        {
            place = order[i];
            if (!IsNearer(distance, contact, place)) return false;
            if (_progress[place].State is CandidateState.Asked or CandidateState.Answered) continue;
            order[(i + 1).._count].CopyTo(order[i..]);
            _count--;
            return true;
        }
        return false;
    }

    [InlineArray(Capacity)]
    private struct Candidates
    {
        private Candidate _first;
    }

    [InlineArray(Capacity)]
    private struct Progresses
    {
        private CandidateProgress _first;
    }

    [InlineArray(Capacity)]
    private struct Numbers
    {
        private ulong _first;
    }

    [InlineArray(Capacity)]
    private struct Times
    {
        private long _first;
    }

    [InlineArray(Capacity)]
    private struct Places
    {
        private byte _first;
    }
}

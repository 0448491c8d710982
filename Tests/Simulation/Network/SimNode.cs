using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Unicast;
using Ouroboros.Layers.Unicast.Directory.Dht.Routing;
using Ouroboros.Layers.Unicast.Enrolment;

namespace Ouroboros.Tests.Simulation.Network;

/// <summary>A node: a process that can end and be started again, and in it an IPCP that can fail and be put back.</summary>
internal sealed class SimNode(NodeNetwork network, int number)
{
    private readonly List<SimFlowEnd> _ends = [];
    private UnicastConfig? _config;
    private ulong _address;
    private DhtKey _id;
    private int _run;

    public int Number => number;

    public NameHash Service { get; } = NameHash.Of(DirectoryHash.Sha3_256, $"svc{number}");

    public bool IsRunning { get; private set; }

    /// <summary>null = not, or not yet, in the layer.</summary>
    public SimMember? Member { get; private set; }

    public void Start()
    {
        IsRunning = true;
        _address = (ulong)network.Random.NextInt64(1, 1L + uint.MaxValue);
        _id = DhtKey.Random(network.Random, 32);
        _run++;
        if (number == 0) Begin(network.Layer.Config);
        else Enrol(_run);
    }

    /// <summary>The process ends without a word.</summary>
    public void Stop()
    {
        if (!IsRunning) return;
        IsRunning = false;
        _run++;
        End(silently: true);
    }

    /// <summary>The IPCP fails: its flows are released, and it is put back at once, as the member that it was.</summary>
    public void Fail()
    {
        if (Member is not { } member) return;
        var known = member.KnownMembers();
        End(silently: false);
        Begin(_config!, known);
    }

    public void Own(SimFlowEnd end) => _ends.Add(end);

    private void End(bool silently)
    {
        Member?.End();
        Member = null;
        foreach (var end in _ends)
        {
            if (silently) end.Sink?.Cut();
            end.Endpoint.Close();
        }
        _ends.Clear();
    }

    private void Begin(UnicastConfig config, ulong[]? known = null)
    {
        _config = config;
        Member = new SimMember(network, this, config, _address, _id, known ?? []);
        Member.Start([.. network.Links.Where(l => Math.Max(l.A, l.B) == number).Select(l => network.Nodes[l.Other(number)])]);
    }

    private void Enrol(int run)
    {
        if (run != _run || Member is not null || network.IsOver) return;
        var members = network.NeighboursOf(this).Where(n => n.Member is not null).ToList();
        if (members.Count == 0)
        {
            Again();
            return;
        }
        var with = members[network.Random.Next(members.Count)];
        network.Allocate(this, with, end =>
        {
            if (run != _run || end is null) Again();
            else Ask(end, $"n{with.Number}", run);
        });

        void Again() => network.After(TimeSpan.FromMilliseconds(network.Random.Next(300, 1000)), () => Enrol(run));
    }

    private void Ask(SimFlowEnd end, string with, int run)
    {
        var enrolee = new Enrolee(UnicastEnrolment.Instance, new EnrolmentSettings(), with, network.Random, network.Now);
        end.Endpoint.TryWrite(Enrolee.Begin());
        end.Listen(OnMessage);
        Watch();

        void OnMessage(byte[]? message)
        {
            if (run != _run || Member is not null) return;
            var result = message is null ? enrolee.OnSilence() : enrolee.Receive(message, network.Time.GetUtcNow(), network.Now);
            if (result.Config is { } config)
            {
                Begin((UnicastConfig)config);
                end.Endpoint.TryWrite(enrolee.Confirm(done: true));
                end.Endpoint.Close();
                return;
            }
            if (result.Failure is not null)
            {
                GiveUp();
                return;
            }
            if (result.Reply is { } reply) end.Endpoint.TryWrite(reply);
            end.Listen(OnMessage);
            Watch();
        }

        void Watch()
        {
            var deadline = enrolee.Deadline;
            if (deadline == TimeSpan.MaxValue) return;
            network.After(deadline - network.Now, () =>
            {
                if (run == _run && Member is null && enrolee.Deadline == deadline) GiveUp();
            });
        }

        void GiveUp()
        {
            enrolee.OnSilence();
            end.Endpoint.Close();
            network.After(TimeSpan.FromMilliseconds(500), () => Enrol(run));
        }
    }
}

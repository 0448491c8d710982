using Ouroboros.Layers;
using Ouroboros.Layers.Unicast.Directory.Dht;

namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <content>What arrives in a window is known when it begins, and where that lies is fetched some messages before it is needed: it changes nothing but the time.</content>
internal sealed partial class SimulationPartition
{
    // How many messages ahead memory is fetched: the message, where its node is, the node, what it consists of, what its table consists of, what the message needs of it.
    private const int MessageAhead = 18;
    private const int PlaceAhead = 15;
    private const int NodeAhead = 12;
    private const int PartsAhead = 9;
    private const int TableAhead = 6;
    private const int NeedsAhead = 3;

    private void FetchAhead(int at)
    {
        if (at + MessageAhead < _arrivals) FetchMessage(_arriving[at + MessageAhead]);
        if (IsArriving(at + PlaceAhead)) FetchPlace(ref _arriving[at + PlaceAhead]);
        if (IsArriving(at + NodeAhead)) _own[_arriving[at + NodeAhead].Node].Core?.FetchNode();
        if (IsArriving(at + PartsAhead)) _own[_arriving[at + PartsAhead].Node].Core?.FetchParts();
        if (IsArriving(at + TableAhead)) _own[_arriving[at + TableAhead].Node].Core?.FetchTable();
        if (IsArriving(at + NeedsAhead)) FetchNeeds(_arriving[at + NeedsAhead]);
    }

    private bool IsArriving(int at) => (uint)at < (uint)_arrivals;

    private void FetchMessage(in SimulatedArrival arrival) => _chunks[arrival.Chunk].Fetch(arrival.Index);

    private void FetchPlace(ref SimulatedArrival arrival)
    {
        var chunk = _chunks[arrival.Chunk];
        chunk.FetchContacts(arrival.Index);
        arrival.Node = PlaceOf(chunk[arrival.Index].Target) / _partitions;
        CacheLines.Fetch(ref _own[arrival.Node], 1);
    }

    private void FetchNeeds(in SimulatedArrival arrival)
    {
        ref readonly var message = ref _chunks[arrival.Chunk][arrival.Index];
        _own[arrival.Node].Core?.FetchFor(message.Code, message.Key, message.Source.Id);
    }

    private void FetchCalled(int first)
    {
        for (var index = first; index >= 0; index = _calls[index].Next) Called(index)?.FetchNode();
        for (var index = first; index >= 0; index = _calls[index].Next) Called(index)?.FetchParts();
    }

    // Most have put off what they wanted to be called for.
    private DhtNode? Called(int index)
    {
        ref var node = ref _own[_calls[index].Place];
        return node.ArmedFor == Now && node.Due <= Now ? node.Core : null;
    }
}

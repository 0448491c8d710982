namespace Ouroboros.Samples.DhtSimulation.Simulation;

/// <summary>Chunks at rest, of one thread: those that it has emptied, whoever filled them.</summary>
internal sealed class MessagePool
{
    private MessageChunk? _last;

    public MessageChunk Rent()
    {
        var chunk = _last ?? new MessageChunk();
        _last = chunk.Next;
        chunk.Next = null;
        return chunk;
    }

    public void Return(MessageChunk chunk)
    {
        chunk.Clear();
        chunk.Next = _last;
        _last = chunk;
    }
}

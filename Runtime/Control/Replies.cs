using Google.Protobuf;
using Google.Protobuf.Collections;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Runtime.Control;

/// <summary>
/// The replies. A client that knows the extensions gets error texts, and a list as as many records as it takes, all but the last marked
/// <c>more</c>. The reference's tool gets what it expects and nothing else; of a list, as much as one record holds.
/// </summary>
internal sealed class Replies(bool extended)
{
    // Tag and length in front of an entry: a two-byte tag and a length below 2^14.
    private const int EntryOverhead = 4;

    /// <summary>Whether the client knows the extensions.</summary>
    public bool Extended { get; } = extended;

    /// <summary>For the client that sent this.</summary>
    public static Replies To(IrmMsg request) => new(request.Extensions >= ControlProtocol.Extensions);

    /// <summary>It was done.</summary>
    public IReadOnlyList<IrmMsg> Done() => [Empty(0)];

    /// <summary>It was done, and this IPCP came of it.</summary>
    public IReadOnlyList<IrmMsg> Done(IpcpInfoMsg ipcp)
    {
        var reply = Empty(0);
        if (Extended) reply.IpcpInfo = ipcp;
        return [reply];
    }

    /// <summary>It was not done.</summary>
    public IReadOnlyList<IrmMsg> Failed(FlowError error, string text)
    {
        // The reference's tool does not get these as results but as a closed socket.
        if (!Extended && error is FlowError.BrokenPipe or FlowError.IrmdUnreachable) return [];
        var reply = Empty(-(int)error);
        if (Extended) reply.ErrorText = Mapping.Shorten(text);
        return [reply];
    }

    /// <summary>A list.</summary>
    /// <param name="entries">Its entries.</param>
    /// <param name="field">Where they belong.</param>
    /// <param name="complete">Whether all of it is in the reply; never false for a client that knows the extensions.</param>
    public IReadOnlyList<IrmMsg> List<T>(IEnumerable<T> entries, Func<IrmMsg, RepeatedField<T>> field, out bool complete)
        where T : IMessage<T>
    {
        complete = true;
        var records = new List<IrmMsg> { Empty(0) };
        var size = Base();
        foreach (var entry in entries)
        {
            var needed = entry.CalculateSize() + EntryOverhead;
            if (size + needed > ControlProtocol.MaxRecord)
            {
                if (!Extended)
                {
                    complete = false;
                    break;
                }
                records[^1].More = true;
                records.Add(Empty(0));
                size = Base();
            }
            field(records[^1]).Add(entry);
            size += needed;
        }
        return records;
    }

    private int Base()
    {
        var empty = Empty(0);
        empty.More = true;
        return empty.CalculateSize();
    }

    private IrmMsg Empty(int result)
    {
        var reply = new IrmMsg { Code = IrmCode.Reply, Result = result };
        if (Extended) reply.Extensions = ControlProtocol.Extensions;
        return reply;
    }
}

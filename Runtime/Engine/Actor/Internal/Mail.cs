namespace Akka.Actor;

/// <summary>
/// A message on its way: the node of a mailbox. Nodes are pooled per thread, with a shared store that evens out threads that only send and threads
/// that only receive; so a message costs no allocation.
/// </summary>
internal sealed class Mail
{
    /// <summary>Head of the inbox of a cell that takes no more.</summary>
    public static readonly Mail Closed = new();

    private const int BatchSize = 64;

    // 256 batches of 64 nodes of 48 bytes: at most 768 KiB kept for reuse.
    private const int StoredBatches = 256;

    [ThreadStatic]
    private static LocalPool? _local;

    private static readonly Mail?[] Stored = new Mail?[StoredBatches];
    private static readonly Lock StoreLock = new();
    private static int _storedCount;

    public Mail? Next;
    public object? Message;
    public IActorRef? Sender;

    /// <summary>Length of the inbox when this became its head: what inspection shows.</summary>
    public int Depth;

    public static Mail Rent(object message, IActorRef? sender)
    {
        var local = _local ??= new LocalPool();
        var mail = local.Head;
        if (mail is null) mail = local.Refill();
        else
        {
            local.Head = mail.Next;
            local.Count--;
        }
        mail.Message = message;
        mail.Sender = sender;
        return mail;
    }

    public static void Return(Mail mail)
    {
        var local = _local ??= new LocalPool();
        mail.Message = null;
        mail.Sender = null;
        mail.Next = local.Head;
        local.Head = mail;
        if (++local.Count >= 2 * BatchSize) local.Spill();
    }

    private sealed class LocalPool
    {
        public Mail? Head;
        public int Count;

        public Mail Refill()
        {
            Mail? batch = null;
            if (Volatile.Read(ref _storedCount) > 0)
            {
                lock (StoreLock)
                {
                    if (_storedCount > 0)
                    {
                        batch = Stored[--_storedCount];
                        Stored[_storedCount] = null;
                    }
                }
            }
            if (batch is null) return new Mail();
            Head = batch.Next;
            Count = BatchSize - 1;
            return batch;
        }

        public void Spill()
        {
            var first = Head!;
            var last = first;
            for (var i = 1; i < BatchSize; i++) last = last.Next!;
            Head = last.Next;
            last.Next = null;
            Count -= BatchSize;
            lock (StoreLock)
            {
                if (_storedCount < StoredBatches) Stored[_storedCount++] = first;
            }
        }
    }
}

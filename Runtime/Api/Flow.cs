using System.IO.Pipelines;
using Akka.Actor;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Layers.Flow;
using Ouroboros.Pool;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros;

/// <summary>
/// An allocated flow. Every call that can wait is bounded by <see cref="ReadTimeout"/> or <see cref="WriteTimeout"/> and can be
/// cancelled; every failure is a <see cref="FlowException"/>. Any number of threads may write; one at a time may read.
/// </summary>
public sealed class Flow : IAsyncDisposable, IDisposable, IFlowOwner
{
    private readonly Application _application;
    private readonly IActorRef _actor;

    internal Flow(Application application, FlowEndpoint endpoint, FlowGrant grant, int descriptor)
    {
        _application = application;
        _actor = grant.Actor;
        Id = grant.FlowId;
        Mpl = grant.Mpl;
        PeerUid = grant.PeerUid;
        Peer = grant.Peer;
        Cipher = grant.Cipher;
        Endpoint = endpoint;
        Descriptor = descriptor;
        endpoint.Owner = this;
    }

    /// <summary>Number of the flow in its application: the lowest free one from 64, as in the reference.</summary>
    public int Descriptor { get; }

    /// <summary>Number of the flow in the runtime.</summary>
    public int Id { get; }

    /// <summary>What the flow was allocated with.</summary>
    public QosSpec Qos => Endpoint.Qos;

    /// <summary>Maximum packet lifetime below.</summary>
    public TimeSpan Mpl { get; }

    /// <summary>Trust domain of the other end; 0 when it is privileged or elsewhere.</summary>
    public uint PeerUid { get; }

    /// <summary>Name in the certificate of the other side, which was checked; null when it has not said who it is.</summary>
    public string? Peer { get; }

    /// <summary>What packets are encrypted with; <see cref="CipherAlgorithm.None"/> = they are in clear.</summary>
    public CipherAlgorithm Cipher { get; }

    /// <summary>How long a read waits; <see cref="Timeout.InfiniteTimeSpan"/>, the default, is for ever.</summary>
    public TimeSpan ReadTimeout
    {
        get => Endpoint.ReadTimeout;
        set => Endpoint.ReadTimeout = Check(value);
    }

    /// <summary>How long a write waits; <see cref="Timeout.InfiniteTimeSpan"/>, the default, is for ever.</summary>
    public TimeSpan WriteTimeout
    {
        get => Endpoint.WriteTimeout;
        set => Endpoint.WriteTimeout = Check(value);
    }

    /// <summary>Flow flags; setting replaces them all.</summary>
    public FlowFlags Flags
    {
        get => Endpoint.Flags;
        set => Endpoint.Flags = value;
    }

    /// <summary>Packets that wait to be read.</summary>
    public int ReceiveQueueLength => Endpoint.ReceiveQueueLength;

    /// <summary>Packets written that the other side has not taken.</summary>
    public int SendQueueLength => Endpoint.SendQueueLength;

    /// <summary>Largest packet that can be written, bytes.</summary>
    public int MaxPacketSize => Endpoint.MaxPacketSize;

    /// <summary>
    /// Largest packet that reaches the peer in one piece, as far as is known now, bytes: UDP layers learn what the path takes. A larger one, up to
    /// <see cref="MaxPacketSize"/>, is fragmented on the way, and lost when one of its fragments is.
    /// </summary>
    public int PathPacketSize => Endpoint.PathPacketSize;

    /// <summary>Whether the flow is down, or the peer is dead; queued packets can still be read.</summary>
    public bool IsDown => (Endpoint.State & (RingState.FlowDown | RingState.PeerDead)) != 0;

    /// <inheritdoc cref="FlowEndpoint.FrcpFlags"/>
    public FlowFrcpFlags FrcpFlags
    {
        get => Endpoint.FrcpFlags;
        set => Endpoint.FrcpFlags = value;
    }

    /// <inheritdoc cref="FlowEndpoint.Statistics"/>
    public FlowStatistics? Statistics => Endpoint.Statistics;

    internal FlowEndpoint Endpoint { get; }

    /// <inheritdoc cref="FlowEndpoint.WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        Endpoint.WriteAsync(data, cancellationToken);

    /// <inheritdoc cref="FlowEndpoint.WriteAsync(Packet, CancellationToken)"/>
    public ValueTask WriteAsync(Packet packet, CancellationToken cancellationToken = default) => Endpoint.WriteAsync(packet, cancellationToken);

    /// <summary>Writes one packet of bytes if that needs no waiting.</summary>
    /// <returns><see cref="FlowError.None"/>, or why not: TryAgain, NotAllocated, NotPermitted, MessageTooLong, FlowDown, PeerDead.</returns>
    public FlowError TryWrite(ReadOnlySpan<byte> data) => Endpoint.TryWrite(data);

    /// <summary>Hands over a packet if that needs no waiting. On anything but <see cref="FlowError.None"/> the caller still owns it.</summary>
    public FlowError TryWrite(Packet packet) => Endpoint.TryWrite(packet);

    /// <inheritdoc cref="FlowEndpoint.ReadAsync"/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Endpoint.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc cref="FlowEndpoint.ReadPacketAsync"/>
    public ValueTask<Packet> ReadPacketAsync(CancellationToken cancellationToken = default) => Endpoint.ReadPacketAsync(cancellationToken);

    /// <inheritdoc cref="FlowEndpoint.TryRead(Span{byte}, out int)"/>
    public FlowError TryRead(Span<byte> buffer, out int length) => Endpoint.TryRead(buffer, out length);

    /// <inheritdoc cref="FlowEndpoint.TryRead(out Packet)"/>
    public FlowError TryRead(out Packet packet) => Endpoint.TryRead(out packet);

    /// <inheritdoc cref="FlowEndpoint.ReadBatch"/>
    public int ReadBatch(Span<Packet> packets) => Endpoint.ReadBatch(packets);

    /// <summary>Rents a packet to be filled and written.</summary>
    /// <param name="length">Payload bytes.</param>
    /// <exception cref="FlowException"><see cref="FlowError.MessageTooLong"/>, or <see cref="FlowError.TryAgain"/> when the pool is exhausted.</exception>
    public Packet Rent(int length) => Endpoint.Rent(length);

    /// <summary>A view as a stream: a write is cut into packets, a read joins them; disposing the stream deallocates the flow unless told otherwise.</summary>
    public Stream AsStream(bool leaveOpen = false) => new FlowStream(this, leaveOpen);

    /// <summary>A view as a pair of pipes over <see cref="AsStream"/>; completing both sides leaves the flow allocated.</summary>
    public IDuplexPipe AsPipe() => new FlowPipe(this);

    /// <summary>
    /// Releases the flow; what was written to a reliable one is still brought across, in the background, for at most 131 seconds. The peer is told, waiting calls fail with <see cref="FlowError.NotAllocated"/>, unread packets are dropped. The
    /// number is free again a moment later, when the IRMd and the layer have let go.
    /// </summary>
    /// <exception cref="FlowException"><see cref="FlowError.NotAllocated"/> when it has been released before.</exception>
    public void Deallocate()
    {
        if (!Release()) throw new FlowException(FlowError.NotAllocated, $"flow {Id} has been deallocated before; deallocate a flow once");
    }

    /// <summary>Releases the flow if it has not been released.</summary>
    public void Dispose() => Release();

    /// <summary>Releases the flow if it has not been released.</summary>
    public ValueTask DisposeAsync()
    {
        Release();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override string ToString() => $"flow {Id} (descriptor {Descriptor})";

    /// <summary>What was written has got across, or cannot any more: the IRMd and the layer may let go.</summary>
    void IFlowOwner.OnReleased(FlowEndpoint endpoint) => _actor.Tell(new FlowProtocol.Released(endpoint), ActorRefs.NoSender);

    private bool Release()
    {
        if (!Endpoint.Close()) return false;
        _application.Forget(this);
        return true;
    }

    private static TimeSpan Check(TimeSpan timeout) => timeout >= TimeSpan.Zero || timeout == Timeout.InfiniteTimeSpan
        ? timeout
        : throw new FlowException(FlowError.InvalidArgument, $"a time-out of {timeout} is negative; use Timeout.InfiniteTimeSpan to wait for ever");
}

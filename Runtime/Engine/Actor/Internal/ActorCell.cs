using System.Runtime.CompilerServices;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// A live actor: its reference, its context, its mailbox and its place in the tree in one object, which is all that an idle actor costs
/// besides
/// the instance of the user's class. What few actors need is in <see cref="CellExtras"/>.
/// </summary>
internal sealed partial class ActorCell : ActorRefBase, IUntypedActorContext, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static ActorCell? _current;

    // All fields are here, and their order matters: what senders write comes first, what the running actor writes comes last, and what
    // hardly changes keeps the two on different cache lines.
    private Mail? _inbox;
    private readonly ActorRefBase _parent;
    private readonly MessageDispatcher _dispatcher;
    private string? _name;
    private ActorPath? _path;
    private ChildTable? _children;
    private ActorCell? _nextInBucket;
    private Props _props;
    private ActorBase? _actor;
    private CellExtras? _extras;
    private SystemMessage? _system;
    private Mail? _queue;
    private object? _message;
    private IActorRef? _sender;
    private readonly long _number;
    private long _processed;
    private readonly int _uid;

    // Scheduled, closed, and how often it is suspended.
    private int _state;
    private ActorPhase _phase;
    private readonly bool _named;
    private bool _createTried;
    private bool _dying;

    /// <summary>Makes a cell; it does nothing before <see cref="Start"/>.</summary>
    /// <param name="parent">Its supervisor.</param>
    /// <param name="props">How its instances are made.</param>
    /// <param name="dispatcher">What runs it.</param>
    /// <param name="name">Its name; null: made from the number.</param>
    /// <param name="number">How many siblings without name came before it.</param>
    public ActorCell(ActorRefBase parent, Props props, MessageDispatcher dispatcher, string? name, long number)
    {
        _parent = parent;
        _props = props;
        _dispatcher = dispatcher;
        _name = name;
        _named = name is not null;
        _number = number;
        _uid = Random.Shared.Next(1, int.MaxValue);
    }

    /// <summary>A cell with a path of its own: the root of the tree.</summary>
    public ActorCell(ActorRefBase parent, Props props, MessageDispatcher dispatcher, ActorPath path)
        : this(parent, props, dispatcher, "", 0)
    {
        _path = path;
        _uid = 0;
    }

    /// <summary>The actor that runs on this thread.</summary>
    public static ActorCell? Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _current;
    }

    /// <summary>Link of the parent's <see cref="ChildTable"/>.</summary>
    public ref ActorCell? NextInBucket => ref _nextInBucket;

    /// <summary>Whether the parent stops it on purpose; kept by the parent's <see cref="ChildTable"/>.</summary>
    public ref bool IsDying => ref _dying;

    public string? GivenName => _named ? _name : null;

    public long Number => _number;

    public int NameHash => _named ? ChildTable.Hash(_name!) : ChildTable.Hash(_number);

    public string Name => _name ??= ChildTable.NameOf(_number);

    public override ActorPath Path => _path ??= new ChildActorPath(_parent.Path, Name, _uid);

    public override long Uid => _uid;

    public override ActorSystemImpl SystemImpl => _dispatcher.System;

    public override IActorRef ParentRef => _parent;

    public ActorBase? Actor => _actor;

    public object? CurrentMessage => _message;

    /// <summary>Differs between any two messages that the actor handles.</summary>
    public long CurrentEnvelopeId => _processed;

    public CellExtras? ExistingExtras => _extras;

    public CellExtras Extras => _extras ?? MakeExtras();

    public IActorRef Self => this;

    public Props Props => _props;

    public MessageDispatcher Dispatcher => _dispatcher;

    public IActorRef Sender => _sender ?? SystemImpl.DeadLetters;

    public ActorSystem System => SystemImpl;

    public IActorRef Parent => _parent;

    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimer?.Timeout;

    public ActorPhase Phase => _phase;

    public long Processed => Volatile.Read(ref _processed);

    /// <summary>Lets it run: its instance is made on its dispatcher.</summary>
    public void Start() => ScheduleForSystem();

    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        var behaviors = Extras.Behaviors ??= new Stack<Receive>(1);
        behaviors.TryPop(out _);
        behaviors.Push(receive);
    }

    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        (Extras.Behaviors ??= new Stack<Receive>(2)).Push(receive);
    }

    public void UnbecomeStacked() => _extras?.Behaviors?.TryPop(out _);

    public void Become(UntypedReceive receive) => Become(Handling(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handling(receive));

    public ActorSelection ActorSelection(ActorPath actorPath) => SystemImpl.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => SystemImpl.Select(actorPath, this);

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is null)
        {
            if (_extras?.ReceiveTimer is not { } timer) return;
            _extras.ReceiveTimer = null;
            timer.Dispose();
        }
        else if (_extras?.ReceiveTimer is { } running)
        {
            running.Timeout = timeout.Value;
        }
        else
        {
            Extras.ReceiveTimer = new ReceiveTimer(this, timeout.Value);
        }
    }

    /// <summary>Runs in the name of this actor.</summary>
    public static ActorCell? SwapCurrent(ActorCell? cell)
    {
        var previous = _current;
        _current = cell;
        return previous;
    }

    private static Receive Handling(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return message =>
        {
            receive(message);
            return true;
        };
    }

    // Both the actor itself and its supervisor may be the first to need it.
    private CellExtras MakeExtras()
    {
        var extras = new CellExtras();
        return Interlocked.CompareExchange(ref _extras, extras, null) ?? extras;
    }
}

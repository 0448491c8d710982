using System.Threading.Channels;
using Akka.Actor;

namespace Ouroboros.Tests.Engine;

/// <summary>An actor that keeps what it receives for the test to look at, and runs functions in its own name.</summary>
public sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<(object Message, IActorRef Sender)> _received = Channel.CreateUnbounded<(object, IActorRef)>();

    private Probe()
    {
    }

    public IActorRef Ref { get; private set; } = ActorRefs.Nobody;

    /// <summary>Sender of the message that was taken last.</summary>
    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public static Probe Create(IActorRefFactory factory, string? name = null)
    {
        var probe = new Probe();
        probe.Ref = factory.ActorOf(Scripted.Props((context, message) =>
        {
            if (message is Do action) action.Run(context);
            else probe._received.Writer.TryWrite((message, context.Sender));
        }), name);
        return probe;
    }

    /// <summary>The next message.</summary>
    public async Task<object> Next()
    {
        var (message, sender) = await _received.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        LastSender = sender;
        return message;
    }

    /// <summary>The next message, which must be of a type and fit.</summary>
    public async Task<T> Expect<T>(Func<T, bool>? fits = null)
    {
        var message = await Next();
        Assert.That(message, Is.InstanceOf<T>());
        if (fits is not null) Assert.That(fits((T)message), Is.True, $"unexpected {message}");
        return (T)message;
    }

    /// <summary>The next message, which must be this.</summary>
    public async Task Expect(object expected) => Assert.That(await Next(), Is.EqualTo(expected));

    /// <summary>The next message of a type; others are dropped.</summary>
    public async Task<T> Fish<T>(Func<T, bool>? fits = null)
    {
        while (true)
            if (await Next() is T message && (fits is null || fits(message))) return message;
    }

    /// <summary>Runs a function in the name of the actor.</summary>
    public async Task Run(Action<IActorContext> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ref.Tell(new Do(context =>
        {
            try
            {
                action(context);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }), ActorRefs.NoSender);
        await done.Task.WaitAsync(Patience);
    }

    /// <summary>Proves that nothing has arrived that was sent before by those who send in order.</summary>
    public async Task ExpectNothingBefore(object fence)
    {
        Ref.Tell(fence, ActorRefs.NoSender);
        await Expect(fence);
    }

    /// <summary>The same, but leaves the receive time-out alone.</summary>
    public async Task ExpectNothingBeforeUnnoticed(string fence)
    {
        Ref.Tell(new Unnoticed(fence), ActorRefs.NoSender);
        await Expect(new Unnoticed(fence));
    }

    private sealed record Unnoticed(string Fence) : INotInfluenceReceiveTimeout;

    private sealed record Do(Action<IActorContext> Run);
}

using Akka.Actor;
using Akka.Configuration;

namespace Ouroboros.Tests.Benchmarks.Engine;

/// <summary>Actors of the engine's benchmarks. They compile on both package profiles, so that both engines run the same code.</summary>
internal static class BenchActors
{
    public static readonly object Ball = new();

    public static ActorSystem NewSystem() =>
        ActorSystem.Create("bench", ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }".Replace(", ", "\n")));

    /// <summary>Plays so many rounds with a peer.</summary>
    public sealed record Serve(IActorRef Peer, int Rounds, TaskCompletionSource Done);

    /// <summary>Expects so many messages.</summary>
    public sealed record Expect(int Count, TaskCompletionSource Done);

    /// <summary>Sends so many messages.</summary>
    public sealed record Send(IActorRef To, int Count);

    /// <summary>Makes so many children; answers when it has.</summary>
    public sealed record Make(int Count, Props Props);

    public sealed class Player : UntypedActor
    {
        private Serve? _game;
        private int _left;

        protected override void OnReceive(object message)
        {
            if (message is Serve game)
            {
                _game = game;
                _left = game.Rounds;
                game.Peer.Tell(Ball);
            }
            else if (_game is null)
            {
                Sender.Tell(message);
            }
            else if (--_left > 0)
            {
                _game.Peer.Tell(message);
            }
            else
            {
                _game.Done.SetResult();
            }
        }
    }

    public sealed class Sink : UntypedActor
    {
        private Expect? _expected;
        private int _left;

        protected override void OnReceive(object message)
        {
            if (message is Expect expected)
            {
                _expected = expected;
                _left = expected.Count;
            }
            else if (--_left == 0)
            {
                _expected!.Done.SetResult();
            }
        }
    }

    public sealed class Source : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var send = (Send)message;
            for (var i = 0; i < send.Count; i++) send.To.Tell(Ball);
        }
    }

    public sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    public sealed class IdleReceive : ReceiveActor
    {
        private int _count;

        public IdleReceive()
        {
            Receive<string>(_ => _count++);
            Receive<int>(i => _count += i);
            Receive<Expect>(_ => _count = 0);
        }
    }

    public sealed class Parent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var make = (Make)message;
            for (var i = 0; i < make.Count; i++) Context.ActorOf(make.Props);
            Sender.Tell(Ball);
        }
    }

    /// <summary>Counts down when it starts.</summary>
    public sealed class Starting : UntypedActor
    {
        private static int _left;
        private static TaskCompletionSource _done = new();

        public static Task Expect(int count)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, count);
            return _done.Task;
        }

        protected override void PreStart()
        {
            if (Interlocked.Decrement(ref _left) == 0) _done.SetResult();
        }

        protected override void OnReceive(object message)
        {
        }
    }
}

using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>The thread of one actor on a <see cref="PinnedDispatcher"/>; ends with it.</summary>
internal sealed class PinnedThread
{
    private readonly ActorCell _cell;
    private readonly SemaphoreSlim _wake = new(0);
    private volatile bool _ended;

    public PinnedThread(ActorCell cell)
    {
        _cell = cell;
        new Thread(Loop) { IsBackground = true, Name = cell.Path.ToStringWithoutAddress() }.Start();
    }

    // A cell is scheduled by one thread at a time, so this neither races with itself nor counts beyond one.
    public void Wake() => _wake.Release();

    public void End()
    {
        _ended = true;
        _wake.Release();
    }

    private void Loop()
    {
        while (true)
        {
            _wake.Wait();
            if (_ended) return;
            _cell.Run();
        }
    }
}

using System.Runtime.InteropServices;
using Ouroboros.Runtime.Configuration;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>Who a client is as the kernel tells it: a thread of the test takes on another user's ids. Needs root, on Linux.</summary>
[Category("Root")]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OtherUserTests : RuntimeTest
{
    private const uint Nobody = 65534;
    private const uint Unchanged = uint.MaxValue;

    private string _folder = null!;

    protected override RuntimeConfig Config => base.Config with { Irmd = new IrmdSettings { Group = "no-such-group" } };

    private string SocketPath => Path.Combine(_folder, "irm.sock");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("o7s-control").FullName;
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder);

    [Test]
    public async Task Another_user_may_list_and_gets_EPERM_for_a_change()
    {
        await using var server = ControlServer.Start(Node, new ControlSettings { Socket = SocketPath });
        var irm = new ControlClient(SocketPath);
        await irm.CreateNameAsync(new NameInfo("svc"));

        var names = await As(Nobody, () => irm.ListNamesAsync()).WaitAsync(Soon);
        Assert.That(names.Select(n => n.Name), Is.EqualTo(new[] { "svc" }));
        var error = Assert.ThrowsAsync<FlowException>(() => As(Nobody, () => irm.DestroyNameAsync("svc")).WaitAsync(Soon))!;
        Assert.That(error.Error, Is.EqualTo(FlowError.NotPermitted));
        Assert.That(error.Message, Does.Contain($"{Nobody}"));
    }

    [Test]
    public void Without_the_right_to_make_the_socket_the_daemon_says_what_to_do()
    {
        var error = Assert.Throws<FlowException>(() => As(Nobody, () => ControlEndpoint.Open(new ControlSettings { Socket = SocketPath })))!;
        Assert.That(error.Error, Is.EqualTo(FlowError.NotPermitted));
        Assert.That(error.Message, Does.Contain(SocketPath).And.Contain("root").And.Contain("--socket"));
    }

    /// <summary>Runs something on a thread with another user's effective ids; connecting a local socket happens on that thread.</summary>
    private static T As<T>(uint id, Func<T> action)
    {
        var (setUser, setGroup) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (117, 119),
            Architecture.Arm64 => (147, 149),
            var other => throw new PlatformNotSupportedException($"no system call numbers for {other}"),
        };
        T result = default!;
        Exception? failure = null;
        // The system calls themselves concern one thread; the functions of libc concern all of them.
        var thread = new Thread(() =>
        {
            try
            {
                if (syscall(setGroup, Unchanged, id, Unchanged) != 0 || syscall(setUser, Unchanged, id, Unchanged) != 0)
                {
                    throw new InvalidOperationException("this test needs root");
                }
                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint syscall(nint number, uint real, uint effective, uint saved);
}

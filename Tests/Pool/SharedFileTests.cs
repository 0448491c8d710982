using System.Diagnostics;
using Ouroboros.Pool;

namespace Ouroboros.Tests.Pool;

[TestFixture]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SharedFileTests
{
    private static int s_made;

    private string _prefix = "";

    private static bool IsRoot => Environment.UserName == "root";

    private PacketPoolOptions Options => new() { Prefix = _prefix, Counts = new PoolCounts { Blocks512 = 256, Blocks2K = 256 } };

    [SetUp]
    public void ChoosePrefix() => _prefix = $"ouroboros-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}";

    [TearDown]
    public void Nothing_is_left_behind() => Assert.That(Directory.GetFiles("/dev/shm", _prefix + "*"), Is.Empty);

    [Test]
    public void Global_pool_is_a_file_that_its_group_may_open()
    {
        using PacketPool pool = PacketPool.CreateGlobal(Options with { Group = "daemon" });
        Assert.That(pool.Path, Is.EqualTo($"/dev/shm/{_prefix}.gspp"));
        Assert.That(File.GetUnixFileMode(pool.Path!), Is.EqualTo(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite));
        if (IsRoot)
        {
            Assert.That(Stat("%u:%G", pool.Path!), Is.EqualTo("0:daemon"));
            Assert.That(pool.Warnings, Is.Empty);
        }
        else
        {
            Assert.That(pool.Warnings, Has.Count.EqualTo(1).And.One.Contains("cannot be given to"));
        }
    }

    [Test]
    public void A_group_that_does_not_exist_leaves_the_global_pool_to_its_maker()
    {
        using PacketPool pool = PacketPool.CreateGlobal(Options with { Group = "no-such-group" });
        Assert.That(pool.Warnings, Is.Empty);
        Assert.That(Stat("%U", pool.Path!), Is.EqualTo(Environment.UserName));
    }

    [Test]
    public void A_users_pool_belongs_to_the_user_alone()
    {
        using PacketPool pool = PacketPool.CreateForUser(12345, 23456, Options);
        Assert.That(pool.Path, Is.EqualTo($"/dev/shm/{_prefix}.pup.12345"));
        Assert.That(File.GetUnixFileMode(pool.Path!), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        if (IsRoot) Assert.That(Stat("%u:%g", pool.Path!), Is.EqualTo("12345:23456"));
        else Assert.That(pool.Warnings, Has.One.Contains("cannot be given to 12345:23456"));
    }

    [Test]
    public void A_pool_that_lives_keeps_its_name()
    {
        using PacketPool pool = PacketPool.CreateGlobal(Options);
        FlowException e = Assert.Throws<FlowException>(() => PacketPool.CreateGlobal(Options))!;
        Assert.That(e.Error, Is.EqualTo(FlowError.AlreadyExists));
        Assert.That(e.Message, Does.Contain($"process {Environment.ProcessId}").And.Contain("prefix"));
        Assert.That(File.Exists(pool.Path), Is.True);
        using Packet p = pool.Rent(100);
        Assert.That(p.Length, Is.EqualTo(100));
    }

    [Test]
    public void The_file_of_a_dead_instance_is_replaced()
    {
        string path = $"/dev/shm/{_prefix}.gspp";
        using (PacketPool other = PacketPool.CreateGlobal(Options with { Prefix = _prefix + "-other" }))
        {
            using Packet p = other.Rent(100);
            p.Span.Fill(0xEE);
            Run("cp", other.Path!, path);
        }
        using PacketPool pool = PacketPool.CreateGlobal(Options);
        using Packet q = pool.Rent(100);
        Assert.That(q.Span.ToArray(), Is.All.EqualTo(0), "memory of the dead instance shows");
    }

    [Test]
    public void A_leftover_file_of_a_user_does_not_lock_the_user_out()
    {
        using (PacketPool first = PacketPool.CreateForUser(12345, 12345, Options with { Prefix = _prefix + "-other" }))
            Run("cp", first.Path!, $"/dev/shm/{_prefix}.pup.12345");
        using PacketPool again = PacketPool.CreateForUser(12345, 12345, Options);
        Assert.That(again.Path, Is.Not.Null);
    }

    [Test]
    public void A_file_of_somebody_else_is_left_alone()
    {
        string path = $"/dev/shm/{_prefix}.gspp";
        File.WriteAllText(path, "something else");
        try
        {
            FlowException e = Assert.Throws<FlowException>(() => PacketPool.CreateGlobal(Options))!;
            Assert.That(e.Error, Is.EqualTo(FlowError.AlreadyExists));
            Assert.That(File.ReadAllText(path), Is.EqualTo("something else"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_link_under_the_name_is_not_followed()
    {
        string path = $"/dev/shm/{_prefix}.gspp", victim = Path.GetTempFileName();
        File.CreateSymbolicLink(path, victim);
        try
        {
            Assert.That(
                Assert.Throws<FlowException>(() => PacketPool.CreateGlobal(Options))!.Error, Is.EqualTo(FlowError.NotPermitted));
            Assert.That(new FileInfo(victim).Length, Is.Zero);
        }
        finally
        {
            File.Delete(path);
            File.Delete(victim);
        }
    }

    [Test]
    public void Memory_is_committed_as_it_is_used()
    {
        using PacketPool pool = PacketPool.CreateGlobal(new PacketPoolOptions { Prefix = _prefix });
        Assert.That(new FileInfo(pool.Path!).Length, Is.GreaterThan(40 << 20));
        Assert.That(long.Parse(Stat("%b", pool.Path!)) * 512, Is.LessThan(64 << 10));
        pool.Rent(1_000_000).Dispose();
        Assert.That(long.Parse(Stat("%b", pool.Path!)) * 512, Is.LessThan(128 << 10));
    }

    [Test]
    public void What_is_rented_lies_in_the_file()
    {
        using PacketPool pool = PacketPool.CreateGlobal(Options);
        using Packet p = pool.Rent(100);
        "a mark that nothing else writes"u8.CopyTo(p.Span);
        Assert.That(Run("grep", "-c", "a mark that nothing else writes", pool.Path!), Is.EqualTo("1"));
    }

    [Test]
    public void The_file_goes_with_a_pool_whose_packets_are_still_under_way()
    {
        PacketPool pool = PacketPool.CreateGlobal(Options);
        Packet p = pool.Rent(100);
        p.Span.Fill(3);
        pool.Retire();
        using (PacketPool next = PacketPool.CreateGlobal(Options)) Assert.That(next.Path, Is.Not.Null);
        Assert.That(p.Span.ToArray(), Is.All.EqualTo(3));
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(100));
        p.Dispose();
        Assert.Throws<InvalidOperationException>(() => _ = p.Length);
    }

    [Test]
    public void Without_the_folder_the_pool_is_anonymous_and_says_so()
    {
        using PacketPool pool = PacketPool.CreateGlobal(Options with { Directory = "/no/such/folder" });
        Assert.That(pool.Path, Is.Null);
        Assert.That(pool.Warnings, Has.One.Contains("no folder /no/such/folder"));
        pool.Rent(100).Dispose();
    }

    [Test]
    public void Locking_in_memory_works_or_is_a_warning()
    {
        using PacketPool pool = PacketPool.CreateGlobal(Options with { LockInMemory = true });
        Assert.That(pool.Warnings, Is.Empty.Or.One.Contains("locked in RAM"));
        pool.Rent(100).Dispose();
    }

    [Test]
    public void Group_database_is_asked_for_privileges()
    {
        Assert.That(SystemGroups.TryFind("daemon", out uint gid) && gid > 0, Is.True);
        Assert.That(SystemGroups.TryFind("no-such-group", out _), Is.False);
        Assert.That(SystemGroups.IsPrivileged(0, "no-such-group"), Is.True);
        Assert.That(SystemGroups.IsPrivileged(1, "daemon"), Is.True, "user daemon has group daemon");
        Assert.That(SystemGroups.IsPrivileged(2, "daemon"), Is.False);
        Assert.That(SystemGroups.IsPrivileged(4_000_000_000, "daemon"), Is.False);
    }

    private static string Stat(string format, string path) => Run("stat", "-c", format, path);

    // Another process: .NET's own file calls take the lock that says who is alive.
    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return output;
    }
}

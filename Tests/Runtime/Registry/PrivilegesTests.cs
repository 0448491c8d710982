using Ouroboros.Runtime.Irmd;

namespace Ouroboros.Tests.Runtime.Registry;

/// <summary>Who is privileged (irmd.md section 9): uid 0 and the members of the group, by whichever of the two databases says so.</summary>
public sealed class PrivilegesTests
{
    private const string Group = "ouroboros";
    private const uint Gid = 500;
    private const uint Other = 100;

    private string _folder = "";

    private string GroupFile => Path.Combine(_folder, "group");

    private string PasswdFile => Path.Combine(_folder, "passwd");

    [SetUp]
    public void MakeFiles()
    {
        _folder = Directory.CreateTempSubdirectory("o7s-privileges").FullName;
        File.WriteAllText(GroupFile, "root:x:0:\nusers:x:100:eve\nouroboros:x:500:bob,carol\n");
        File.WriteAllText(
            PasswdFile,
            "root:x:0:0::/root:/bin/sh\nann:x:1001:500::/:/bin/sh\nbob:x:1002:100::/:/bin/sh\neve:x:1003:100::/:/bin/sh\ncarola:x:1004:100::/:/bin/sh\n");
    }

    [TearDown]
    public void RemoveFiles() => Directory.Delete(_folder, recursive: true);

    [TestCase(0u, Other, true, TestName = "Root is privileged whatever its group")]
    [TestCase(1001u, Gid, true, TestName = "A process that runs with the group is privileged")]
    [TestCase(1001u, Other, true, TestName = "A user whose primary group it is, is privileged in another group too")]
    [TestCase(1002u, Other, true, TestName = "A user whom the group lists is privileged")]
    [TestCase(1003u, Other, false, TestName = "A user whom another group lists is not privileged")]
    [TestCase(1004u, Other, false, TestName = "A user whose name only begins like a member's is not privileged")]
    [TestCase(7777u, Other, false, TestName = "A user whom the system does not know is not privileged")]
    public void Privileged(uint uid, uint gid, bool expected)
    {
        var privileges = new Privileges(Group, GroupFile, PasswdFile);
        Assert.That(privileges.IsPrivileged(uid, gid), Is.EqualTo(expected));
        Assert.That(privileges.DomainOf(uid, gid), Is.EqualTo(expected ? 0 : uid));
    }

    [TestCase("")]
    [TestCase("root:x:0:\n")]
    [TestCase("ouroboros\nouroboros:x\nouroboros:x:many:bob\n")]
    public void Without_the_group_only_root_is_privileged(string groups)
    {
        File.WriteAllText(GroupFile, groups);
        var privileges = new Privileges(Group, GroupFile, PasswdFile);
        Assert.That(new[] { 0u, 1001u, 1002u }.Select(uid => privileges.IsPrivileged(uid, Gid)), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public void Without_the_databases_only_root_is_privileged()
    {
        var privileges = new Privileges(Group, Path.Combine(_folder, "none"), Path.Combine(_folder, "none"));
        Assert.That((privileges.IsPrivileged(0, 0), privileges.IsPrivileged(1002, Gid)), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_member_who_is_taken_out_or_added_counts_from_then_on()
    {
        var privileges = new Privileges(Group, GroupFile, PasswdFile);
        Assert.That((privileges.IsPrivileged(1002, Other), privileges.IsPrivileged(1003, Other)), Is.EqualTo((true, false)));
        File.WriteAllText(GroupFile, "ouroboros:x:500:eve\n");
        File.SetLastWriteTimeUtc(GroupFile, File.GetLastWriteTimeUtc(GroupFile).AddSeconds(1));
        Assert.That((privileges.IsPrivileged(1002, Other), privileges.IsPrivileged(1003, Other)), Is.EqualTo((false, true)));
    }
}

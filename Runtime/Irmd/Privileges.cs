namespace Ouroboros.Runtime.Irmd;

/// <summary>
/// Who is privileged: uid 0, and the members of one group, by primary or supplementary membership. Reads the system's group file once and
/// again when it changes, never under a lock that a packet or an allocation needs.
/// </summary>
internal sealed class Privileges(string group, string groupFile = "/etc/group", string passwdFile = "/etc/passwd")
{
    private Snapshot _snapshot = new(default, default, null, []);

    /// <summary>Whether the user belongs to the privileged trust domain.</summary>
    public bool IsPrivileged(uint uid, uint gid)
    {
        if (uid == 0) return true;
        var current = Load();
        return current.Gid is { } privileged && (gid == privileged || current.Members.Contains(uid));
    }

    /// <summary>Trust domain of a user: 0, or his uid.</summary>
    public uint DomainOf(uint uid, uint gid) => IsPrivileged(uid, gid) ? 0 : uid;

    private Snapshot Load()
    {
        var groupTime = File.GetLastWriteTimeUtc(groupFile);
        var passwdTime = File.GetLastWriteTimeUtc(passwdFile);
        var current = _snapshot;
        if (current.GroupTime == groupTime && current.PasswdTime == passwdTime) return current;
        return _snapshot = Read(groupTime, passwdTime);
    }

    private Snapshot Read(DateTime groupTime, DateTime passwdTime)
    {
        uint? gid = null;
        string[] names = [];
        foreach (var fields in Lines(groupFile))
        {
            if (fields.Length < 4 || fields[0] != group || !uint.TryParse(fields[2], out var found)) continue;
            gid = found;
            names = fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries);
        }
        var members = new HashSet<uint>();
        foreach (var fields in Lines(passwdFile))
        {
            if (fields.Length < 4 || !uint.TryParse(fields[2], out var uid)) continue;
            if (names.Contains(fields[0]) || (uint.TryParse(fields[3], out var primary) && primary == gid)) members.Add(uid);
        }
        return new Snapshot(groupTime, passwdTime, gid, members);
    }

    private static IEnumerable<string[]> Lines(string file) =>
        File.Exists(file) ? File.ReadLines(file).Select(line => line.Split(':')) : [];

    private sealed record Snapshot(DateTime GroupTime, DateTime PasswdTime, uint? Gid, HashSet<uint> Members);
}

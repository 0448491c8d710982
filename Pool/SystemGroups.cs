using Ouroboros.Pool.Interop;

namespace Ouroboros.Pool;

/// <summary>What the system's user database says about users and groups; nothing where there is none.</summary>
public static unsafe class SystemGroups
{
    private const int BufferSize = 16 * 1024;
    private const int MaxGroups = 1024;

    /// <summary>The number of a group.</summary>
    /// <returns>False when there is no such group.</returns>
    public static bool TryFind(string group, out uint gid)
    {
        gid = 0;
        if (!OperatingSystem.IsLinux()) return false;
        byte[] buffer = new byte[BufferSize];
        Libc.Group record;
        Libc.Group* found;
        fixed (byte* memory = buffer)
        {
            if (Libc.GroupByName(group, &record, memory, BufferSize, &found) != 0 || found == null) return false;
            gid = found->Gid;
            return true;
        }
    }

    /// <summary>
    /// Whether a user is privileged: user 0, and whoever has the group as primary or supplementary group (packet-pool notes, section 4.1).
    /// </summary>
    public static bool IsPrivileged(uint uid, string group)
    {
        if (uid == 0) return true;
        if (!TryFind(group, out uint gid)) return false;
        byte[] buffer = new byte[BufferSize];
        Libc.User record;
        Libc.User* found;
        fixed (byte* memory = buffer)
        {
            if (Libc.UserById(uid, &record, memory, BufferSize, &found) != 0 || found == null) return false;
            if (found->Gid == gid) return true;
            uint[] groups = new uint[MaxGroups];
            int count = MaxGroups;
            fixed (uint* list = groups)
            {
                if (Libc.GroupsOf(found->Name, found->Gid, list, &count) < 0) return false;
            }
            return groups.AsSpan(0, count).Contains(gid);
        }
    }
}

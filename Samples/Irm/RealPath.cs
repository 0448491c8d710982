using System.Runtime.InteropServices;

namespace Ouroboros.Samples.Irm;

/// <summary>Absolute paths without symbolic links, as the daemon is to get them.</summary>
internal static partial class RealPath
{
    /// <summary>The path; null when there is nothing there.</summary>
    public static string? Of(string path)
    {
        if (OperatingSystem.IsWindows()) return Path.Exists(path) ? Path.GetFullPath(path) : null;
        var resolved = realpath(path, 0);
        if (resolved == 0) return null;
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            free(resolved);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint realpath(string path, nint resolved);

    [LibraryImport("libc")]
    private static partial void free(nint memory);
}

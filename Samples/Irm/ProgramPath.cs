namespace Ouroboros.Samples.Irm;

/// <summary>Finds the executable that a word on the command line means, as a shell would, except that the working directory comes first.</summary>
internal static class ProgramPath
{
    /// <summary>Its absolute path.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.InvalidArgument"/> when there is none or the search path is unusable; <see cref="FlowError.NotPermitted"/> when it
    /// is not executable.
    /// </exception>
    public static string Find(string program, string? searchPath)
    {
        var path = RealPath.Of(program) is { } here && File.Exists(here) ? here
            : program.Contains('/', StringComparison.Ordinal) ? null
            : Search(program, searchPath ?? "");
        if (path is null) throw new FlowException(FlowError.InvalidArgument, $"{program} does not exist.");
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute))
        {
            throw new FlowException(FlowError.NotPermitted, $"Cannot execute {program}, please check permissions.");
        }
        return path;
    }

    private static string? Search(string program, string searchPath)
    {
        foreach (var directory in searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Path.IsPathRooted(directory)) throw new FlowException(FlowError.InvalidArgument, $"PATH has the relative entry \"{directory}\"; give the path of {program}.");
            if (RealPath.Of(Path.Combine(directory, program)) is { } found && File.Exists(found)) return found;
        }
        return null;
    }
}

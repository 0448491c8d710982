using System.Diagnostics;

namespace Ouroboros.Tests.Samples;

/// <summary>How a tool is started as a process of its own.</summary>
internal static class ToolProcess
{
    /// <summary>
    /// A tool with its output redirected. Signals have their default effect in it, as they have at a terminal: a shell that runs the tests in
    /// the background lets everything below it ignore INT and QUIT.
    /// </summary>
    public static ProcessStartInfo StartInfo(string dll, params string[] args) => StartInfoUnder([], dll, args);

    /// <summary>As <see cref="StartInfo"/>, started by another program that takes a command line.</summary>
    public static ProcessStartInfo StartInfoUnder(string[] starter, string dll, params string[] args)
    {
        string[] command = [.. starter, "dotnet", Path.Combine(AppContext.BaseDirectory, dll), .. args];
        return new ProcessStartInfo("env", OperatingSystem.IsLinux() ? ["--default-signal=HUP,INT,QUIT,TERM", .. command] : command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}

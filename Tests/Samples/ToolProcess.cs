using System.Diagnostics;

namespace Ouroboros.Tests.Samples;

/// <summary>How a tool is started as a process of its own.</summary>
internal static class ToolProcess
{
    /// <summary>
    /// A tool with its output redirected. Signals have their default effect in it, as they have at a terminal: a shell that runs the tests in
    /// the background lets everything below it ignore INT and QUIT.
    /// </summary>
    public static ProcessStartInfo StartInfo(string dll, params string[] args)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, dll), .. args];
        return new ProcessStartInfo("env", OperatingSystem.IsLinux() ? ["--default-signal=HUP,INT,QUIT,TERM", .. command] : command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}

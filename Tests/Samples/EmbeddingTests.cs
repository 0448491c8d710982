using System.Diagnostics;

namespace Ouroboros.Tests.Samples;

/// <summary>The program that the README shows is the one that is built, and it runs.</summary>
public sealed class EmbeddingTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(120);

    // Beside other runtimes, and on a machine on which the server gets to accept late.
    private const string Patient = "ouroboros { pool.backing = anonymous, irmd { request-arrival-timeout = 1 m, flow-alloc-timeout = 2 m } }\n";

    [TestCase("Program.cs", "csharp")]
    [TestCase("ouroboros.conf", "hocon")]
    public void The_README_shows_the_sample_as_it_is(string file, string language)
    {
        var sample = File.ReadAllText(Path.Combine(Repository.Root, "Samples", "Embedding", file)).ReplaceLineEndings("\n");
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n"), Does.Contain($"```{language}\n{sample}```\n"));
    }

    [Test]
    public async Task It_starts_a_host_gets_an_answer_through_a_flow_and_stops()
    {
        var folder = Directory.CreateTempSubdirectory("ouroboros-embedding-").FullName;
        try
        {
            var config = File.ReadAllText(Path.Combine(Repository.Root, "Samples", "Embedding", "ouroboros.conf"));
            File.WriteAllText(Path.Combine(folder, "ouroboros.conf"), config + Patient);
            var start = ToolProcess.StartInfo("embedding.dll");
            start.WorkingDirectory = folder;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            try
            {
                await process.WaitForExitAsync().WaitAsync(Soon);
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
            Assert.That(process.ExitCode, Is.Zero, await error);
            Assert.That((await output).Split('\n'), Has.One.EqualTo("hello"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

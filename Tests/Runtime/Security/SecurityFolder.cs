using System.Text;
using Ouroboros.Tests.Runtime.Configuration;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>A folder of security files in the reference's layout, with keys and certificates of the vectors.</summary>
internal sealed class SecurityFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ouroboros-security-").FullName;

    public static string Vector(string name) => System.IO.Path.Combine(Repository.Root, "Tests", "Vectors", "oap", "certs", name);

    public string Put(string vector, string path) => Write(path, File.ReadAllBytes(Vector(vector)));

    public string Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Removes what belongs to names; trusted certificates stay.</summary>
    public void Forget()
    {
        foreach (var side in new[] { "server", "client" })
        {
            var folder = System.IO.Path.Combine(Path, side);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string Write(string path, byte[] bytes)
    {
        var full = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return full;
    }
}

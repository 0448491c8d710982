using System.Text;

namespace Ouroboros.Tests.Runtime.Security;

/// <summary>A folder of security files in the reference's layout, with keys and certificates of the vectors.</summary>
internal sealed class SecurityFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ouroboros-security-").FullName;

    public static string Vector(string name) => System.IO.Path.Combine(Repository.Root, "Tests", "Vectors", "oap", "certs", name);

    public string Put(string vector, string path) => Write(path, File.ReadAllBytes(Vector(vector)));

    /// <summary>The authority of the vectors, which everybody trusts, and the one below it that signs.</summary>
    public void PutAuthorities()
    {
        Put("ec.ca.crt.pem", "cacert/ca.pem");
        Put("ec.im.crt.pem", "untrusted/im.pem");
    }

    /// <summary>The certificate and key of one side of a name.</summary>
    /// <param name="vector">Which of the vectors.</param>
    /// <param name="side">Folder, e.g. <c>server/oping</c>.</param>
    public void PutIdentity(string vector, string side)
    {
        Put(vector + ".crt.pem", side + "/crt.pem");
        Put(vector + ".key.pem", side + "/key.pem");
    }

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

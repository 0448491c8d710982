using System.Collections.Concurrent;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Certificates;
using Ouroboros.Crypto.KeyExchange;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Signatures;

namespace Ouroboros.Crypto.Oap;

/// <summary>
/// The reference's layout of security files (oap-and-crypto.md section 5.4): <c>cacert/*</c>, <c>untrusted/*</c>, and for each name and side
/// <c>enc.conf</c>, <c>crt.pem</c>, <c>key.pem</c>, <c>kex.key.*</c>, <c>kex.srv.pub.*</c>. Trusted certificates are read once; what belongs to a name
/// is read again when a file has changed, so that a change counts from the next flow on. Safe from any thread.
/// </summary>
public sealed class SecurityDirectory : IDisposable
{
    private const int MostCached = 4096;

    private readonly string _folder;
    private readonly TrustStore? _trust;
    private readonly ConcurrentDictionary<(bool Client, string Name, SidePaths Paths, SidePolicy Policy), Cached> _cache = new();

    /// <summary>Reads the trusted certificates; a folder that is not there is empty.</summary>
    /// <param name="folder">E.g. <c>/etc/ouroboros/security</c>.</param>
    /// <exception cref="OpenSslException">A file among the trusted certificates is none.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder or file may not be read.</exception>
    public SecurityDirectory(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        var (roots, intermediates) = (Path.Combine(folder, "cacert"), Path.Combine(folder, "untrusted"));
        // What may not be looked into would seem to be empty, and flows would be in clear.
        foreach (var looked in new[] { folder, Path.Combine(folder, "server"), Path.Combine(folder, "client") })
        {
            if (Directory.Exists(looked)) _ = Directory.EnumerateFileSystemEntries(looked).Any();
        }
        if (Directory.Exists(roots) || Directory.Exists(intermediates)) _trust = TrustStore.Read(roots, intermediates);
    }

    /// <summary>What peers' certificates have to lead to; null = no peer's certificate is trusted.</summary>
    public TrustStore? Trust => _trust;

    /// <summary>
    /// Whether a side of a name has nothing configured: no folder of its own, no file or policy given. It costs one look at the file system.
    /// </summary>
    /// <param name="client">Which side.</param>
    /// <param name="name">The name.</param>
    /// <param name="paths">null = in the folder of the name.</param>
    /// <param name="policy">null = none.</param>
    public bool IsPlain(bool client, string name, SidePaths? paths = null, SidePolicy? policy = null) =>
        (policy is null || policy == SidePolicy.Default) && (paths is null || paths == SidePaths.Default)
        && (FolderOf(client, name) is not { } folder || !Directory.Exists(folder));

    /// <summary>The configuration for accepting flows to a name.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.AuthenticationFailed"/>: certificate or key cannot be used; <see cref="FlowError.CryptoFailed"/>: enc.conf or KEM key cannot.
    /// </exception>
    public OapSide Server(string name, SidePaths? paths = null, SidePolicy? policy = null) =>
        Find(client: false, name, paths ?? SidePaths.Default, policy ?? SidePolicy.Default);

    /// <summary>The configuration for allocating flows to a name.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.BadDescriptor"/>: a file cannot be used.</exception>
    public OapSide Client(string name, SidePaths? paths = null, SidePolicy? policy = null) =>
        Find(client: true, name, paths ?? SidePaths.Default, policy ?? SidePolicy.Default);

    /// <inheritdoc/>
    public void Dispose() => _trust?.Dispose();

    // A name may hold anything; one that is no name of a folder has none.
    private string? FolderOf(bool client, string name) =>
        name is "" or "." or ".." || name.AsSpan().IndexOfAny('/', '\0') >= 0 ? null : Path.Combine(_folder, client ? "client" : "server", name);

    private OapSide Find(bool client, string name, SidePaths paths, SidePolicy policy)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var folder = FolderOf(client, name);
        // One look at the file system where there is nothing but what was configured elsewhere.
        if (folder is not null && !Directory.Exists(folder)) folder = null;
        string? At(string? chosen, string file) => chosen ?? (folder is null ? null : Path.Combine(folder, file));
        var files = new Files(
            At(paths.Encryption, "enc.conf"), At(paths.Certificate, "crt.pem"), At(paths.Key, "key.pem"),
            At(paths.KemKey, client ? "kex.srv.pub.pem" : "kex.key.pem"), At(paths.KemKey, client ? "kex.srv.pub.raw" : "kex.key.raw"));
        var stamp = files.Stamp();
        var key = (client, name, paths, policy);
        if (_cache.TryGetValue(key, out var cached) && cached.Stamp == stamp) return cached.Side;
        var side = Read(client, name, files, paths, policy);
        // Names come from users: what is cached is bounded, and a rare start from nothing costs little. Handshakes that run keep what they have.
        if (_cache.Count >= MostCached) _cache.Clear();
        _cache[key] = new Cached(stamp, side);
        return side;
    }

    private OapSide Read(bool client, string name, Files files, SidePaths paths, SidePolicy policy)
    {
        var side = new OapSide
        {
            Trust = _trust,
            RequireAuthentication = policy.RequireAuthentication,
            RequireEncryption = policy.RequireEncryption,
            AllowCounterMode = policy.AllowCounterMode,
            Encryption = policy.NoEncryption ? null : policy.Encryption,
        };
        side = Try(client ? FlowError.BadDescriptor : FlowError.AuthenticationFailed, name, files.Certificate, () => ReadIdentity(side, files, paths));
        if (policy is { NoEncryption: false, Encryption: null })
        {
            side = Try(client ? FlowError.BadDescriptor : FlowError.CryptoFailed, name, files.Encryption, () => ReadEncryption(side, files, paths));
        }
        return Try(client ? FlowError.BadDescriptor : FlowError.CryptoFailed, name, files.PemKey, () => ReadKemKey(side, files, paths, client));
    }

    private static OapSide ReadIdentity(OapSide side, Files files, SidePaths paths)
    {
        var token = files.Key?.StartsWith("pkcs11:", StringComparison.Ordinal) == true;
        // Both or none (section 2.5), unless somebody has said where they are: then a missing one is an error.
        var asked = paths.Certificate is not null || paths.Key is not null;
        if (files.Certificate is null || files.Key is null)
        {
            if (!asked) return side;
            throw new FormatException(files.Key is null
                ? "the certificate stands without its key; give key-file too, or neither"
                : $"the key {SigningKey.Shown(files.Key)} stands without its certificate; give crt-file too, or neither");
        }
        if (!asked && (!File.Exists(files.Certificate) || (!token && !File.Exists(files.Key)))) return side;
        return side with { Identity = Identity.Read(files.Certificate, files.Key) };
    }

    private static OapSide ReadEncryption(OapSide side, Files files, SidePaths paths) =>
        files.Encryption is null || (paths.Encryption is null && !File.Exists(files.Encryption))
            ? side
            : side with { Encryption = EncryptionOptions.Parse(File.ReadAllText(files.Encryption)) };

    private static OapSide ReadKemKey(OapSide side, Files files, SidePaths paths, bool client)
    {
        if (side.Encryption is not { } encryption || !encryption.KeyExchange.IsKem()) return side;
        var path = encryption.KeyExchange.IsHybrid() ? files.RawKey : files.PemKey;
        if (path is null || (paths.KemKey is null && !File.Exists(path))) return side;
        if (client)
        {
            var bytes = File.ReadAllBytes(path);
            return side with { ServerKey = encryption.KeyExchange.IsHybrid() ? bytes : StaticKeys.ReadPublicPem(bytes) };
        }
        using var secret = SigningKey.ReadFile(path);
        return side with { StaticKey = encryption.KeyExchange.IsHybrid() ? StaticKeys.ReadRaw(secret) : StaticKeys.ReadPem(secret) };
    }

    private static OapSide Try(FlowError error, string name, string? path, Func<OapSide> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is OpenSslException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new FlowException(error, $"security files of '{name}' cannot be used: {(path is null ? "" : path + ": ")}{e.Message}");
        }
    }

    private sealed record Cached(string Stamp, OapSide Side);

    private sealed record Files(string? Encryption, string? Certificate, string? Key, string? PemKey, string? RawKey)
    {
        /// <summary>Changes when a file comes, goes or is written.</summary>
        public string Stamp() => string.Join('|', new[] { Encryption, Certificate, Key, PemKey, RawKey }.Select(StampOf));

        private static string StampOf(string? path)
        {
            if (path is null || path.StartsWith("pkcs11:", StringComparison.Ordinal)) return "";
            var file = new FileInfo(path);
            // Another file in its place may have the same time and length, but it was made at another time.
            return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}:{file.CreationTimeUtc.Ticks}" : "";
        }
    }
}

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
    private readonly TrustStore _trust;
    private readonly ConcurrentDictionary<(bool Client, string Name, SecurityPaths Paths), Cached> _cache = new();

    /// <summary>Reads the trusted certificates; a folder that is not there is empty.</summary>
    /// <param name="folder">E.g. <c>/etc/ouroboros/security</c>.</param>
    /// <exception cref="OpenSslException">A file among the trusted certificates is none.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public SecurityDirectory(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        _trust = TrustStore.Read(Path.Combine(folder, "cacert"), Path.Combine(folder, "untrusted"));
    }

    /// <summary>What peers' certificates have to lead to.</summary>
    public TrustStore Trust => _trust;

    /// <summary>The configuration for accepting flows to a name.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowError.AuthenticationFailed"/>: certificate or key cannot be used; <see cref="FlowError.CryptoFailed"/>: enc.conf or KEM key cannot.
    /// </exception>
    public OapSide Server(string name, SecurityPaths? paths = null) => Find(client: false, name, paths ?? SecurityPaths.Default);

    /// <summary>The configuration for allocating flows to a name.</summary>
    /// <exception cref="FlowException"><see cref="FlowError.BadDescriptor"/>: a file cannot be used.</exception>
    public OapSide Client(string name, SecurityPaths? paths = null) => Find(client: true, name, paths ?? SecurityPaths.Default);

    /// <inheritdoc/>
    public void Dispose() => _trust.Dispose();

    private OapSide Find(bool client, string name, SecurityPaths paths)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // A name may hold anything; one that is no name of a folder has none.
        var folder = name is "." or ".." || name.AsSpan().IndexOfAny('/', '\0') >= 0 ? null : Path.Combine(_folder, client ? "client" : "server", name);
        string? At(string? chosen, string file) => chosen ?? (folder is null ? null : Path.Combine(folder, file));
        var files = new Files(
            At(paths.Encryption, "enc.conf"), At(paths.Certificate, "crt.pem"), At(paths.Key, "key.pem"),
            At(null, client ? "kex.srv.pub.pem" : "kex.key.pem"), At(null, client ? "kex.srv.pub.raw" : "kex.key.raw"));
        var stamp = files.Stamp();
        var key = (client, name, paths);
        if (_cache.TryGetValue(key, out var cached) && cached.Stamp == stamp) return cached.Side;
        var side = Read(client, name, files, paths);
        // Names come from users: what is cached is bounded, and a rare start from nothing costs little. Handshakes that run keep what they have.
        if (_cache.Count >= MostCached) _cache.Clear();
        _cache[key] = new Cached(stamp, side);
        return side;
    }

    private OapSide Read(bool client, string name, Files files, SecurityPaths paths)
    {
        var side = new OapSide { Trust = _trust };
        side = Try(client ? FlowError.BadDescriptor : FlowError.AuthenticationFailed, name, files.Certificate, () => ReadIdentity(side, files, paths));
        side = Try(client ? FlowError.BadDescriptor : FlowError.CryptoFailed, name, files.Encryption, () => ReadEncryption(side, files, paths));
        return Try(client ? FlowError.BadDescriptor : FlowError.CryptoFailed, name, files.PemKey, () => ReadKemKey(side, files, client));
    }

    private static OapSide ReadIdentity(OapSide side, Files files, SecurityPaths paths)
    {
        var token = files.Key?.StartsWith("pkcs11:", StringComparison.Ordinal) == true;
        // Both or none (section 2.5), unless somebody has said where they are: then a missing one is an error.
        var asked = paths.Certificate is not null || paths.Key is not null;
        if (files.Certificate is null || files.Key is null) return side;
        if (!asked && (!File.Exists(files.Certificate) || (!token && !File.Exists(files.Key)))) return side;
        return side with { Identity = Identity.Read(files.Certificate, files.Key) };
    }

    private static OapSide ReadEncryption(OapSide side, Files files, SecurityPaths paths) =>
        files.Encryption is null || (paths.Encryption is null && !File.Exists(files.Encryption))
            ? side
            : side with { Encryption = EncryptionOptions.Parse(File.ReadAllText(files.Encryption)) };

    private static OapSide ReadKemKey(OapSide side, Files files, bool client)
    {
        if (side.Encryption is not { } encryption || !encryption.KeyExchange.IsKem()) return side;
        var path = encryption.KeyExchange.IsHybrid() ? files.RawKey : files.PemKey;
        if (path is null || !File.Exists(path)) return side;
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
            throw new FlowException(error, $"security files of '{name}' cannot be used: {path}: {e.Message}");
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
            return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "";
        }
    }
}

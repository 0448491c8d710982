using System.Diagnostics.CodeAnalysis;
using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Signatures;

/// <summary>
/// A private key that signs: from a PEM file, or in a token that never lets it out, named by a <c>pkcs11:</c> URI (RFC 7512). Safe from any thread.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private const string TokenScheme = "pkcs11:";
    private const long LongestFile = 64 * 1024 - 1;

    private SigningKey(EvpKeyHandle handle)
    {
        Handle = handle;
        Type = OpenSslKey.TypeOf(handle);
        if (Type is "ED25519" or "ED448" || Signature.TryFindDigest(Type, DigestAlgorithm.Sha256, out _)) return;
        handle.Dispose();
        throw new OpenSslException($"a key of type {Type} does not sign; use RSA, EC, Ed25519, Ed448, ML-DSA or SLH-DSA");
    }

    /// <summary>OpenSSL's name of the key's type, e.g. <c>EC</c>, <c>ED25519</c>, <c>ML-DSA-65</c>.</summary>
    public string Type { get; }

    /// <summary>Whether it signs without a separate digest, and messages must then name none: Ed25519 and Ed448.</summary>
    public bool TakesNoDigest => Type is "ED25519" or "ED448";

    internal EvpKeyHandle Handle { get; }

    /// <summary>Opens the key that a path or <c>pkcs11:</c> URI names.</summary>
    /// <exception cref="OpenSslException">There is no key that can be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SigningKey Open(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        if (location.StartsWith(TokenScheme, StringComparison.Ordinal)) return new SigningKey(TokenKey.Open(location));
        using var pem = ReadFile(location);
        return ReadPem(pem);
    }

    /// <summary>
    /// A location of a key as it may be shown: a path, or a <c>pkcs11:</c> URI without what follows the question mark, for there the PIN is.
    /// </summary>
    [return: NotNullIfNotNull(nameof(location))]
    public static string? Shown(string? location) =>
        location is not null && location.StartsWith(TokenScheme, StringComparison.Ordinal) && location.IndexOf('?') is >= 0 and var query ? location[..query] : location;

    /// <summary>Reads a key in PEM, PKCS#8 or traditional, without a password.</summary>
    /// <exception cref="OpenSslException">It is none, is encrypted, or is of an algorithm that this system lacks.</exception>
    public static unsafe SigningKey ReadPem(SecretBuffer pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        SecureHeap.CheckRoom();
        fixed (byte* p = pem.Span)
        {
            using var bio = new MemoryBio(p, pem.Length);
            // An empty password, or OpenSSL would ask for one at the terminal.
            byte none = 0;
            var key = LibCrypto.PEM_read_bio_PrivateKey(bio.Handle, 0, 0, &none);
            if (!key.IsInvalid) return new SigningKey(key);
            key.Dispose();
            throw OpenSslException.Take("private key", "PEM_read_bio_PrivateKey");
        }
    }

    /// <summary>Reads a file with a secret, without a copy in managed memory.</summary>
    public static SecretBuffer ReadFile(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        if (length > LongestFile) throw new IOException($"{path} has {length} bytes, too many for a key");
        var secret = new SecretBuffer((int)length);
        try
        {
            var read = 0;
            while (read < length)
            {
                var got = RandomAccess.Read(file, secret.Span[read..], read);
                if (got == 0) break;
                read += got;
            }
            secret.Truncate(read);
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    /// <summary>Signs.</summary>
    /// <param name="digest">The digest that the message names; <see cref="DigestAlgorithm.None"/> = SHA-256 where one is needed.</param>
    /// <param name="data">What is signed.</param>
    /// <exception cref="OpenSslException">Key and digest do not go together, or the token refuses.</exception>
    public byte[] Sign(DigestAlgorithm digest, ReadOnlySpan<byte> data) => Signature.Sign(Handle, digest, data);

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    /// <summary>Its type.</summary>
    public override string ToString() => $"signing key, {Type}";
}

namespace Ouroboros.Crypto.OpenSsl;

/// <summary>Lets OpenSSL read from memory that stays where it is until this is disposed.</summary>
internal readonly unsafe ref struct MemoryBio
{
    private readonly nint _bio;

    public MemoryBio(byte* data, int length) => _bio = LibCrypto.BIO_new_mem_buf(data, length);

    public nint Handle => _bio;

    public void Dispose() => _ = LibCrypto.BIO_free(_bio);
}

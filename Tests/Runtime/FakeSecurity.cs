using System.Text;
using Ouroboros.Runtime.Irmd.Protocol;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Tests.Runtime;

/// <summary>A handshake that does what the test says, notes its steps, and counts what it has made and not got back.</summary>
internal sealed class FakeSecurity : IFlowSecurity
{
    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private int _live;

    /// <summary>Whether all of it takes no saga.</summary>
    public bool Light { get; set; }

    /// <summary>A name with nothing configured: its handshakes take no saga, and within the runtime there are none.</summary>
    public string? PlainName { get; set; }

    public Action Beginning { get; set; } = () => { };

    public Action<string> Serving { get; set; } = _ => { };

    public Action Completing { get; set; } = () => { };

    /// <summary>Client's halves and ciphers that have been made and not disposed.</summary>
    public int Live => Volatile.Read(ref _live);

    public IReadOnlyList<string> Log
    {
        get { lock (_lock) return [.. _log]; }
    }

    public void Reset()
    {
        Beginning = Completing = () => { };
        Serving = _ => { };
        lock (_lock) _log.Clear();
    }

    public bool IsPlain(NameInfo name, FlowSide side) => name.Name == PlainName;

    public IClientHandshake Begin(NameInfo name)
    {
        Note($"begin {name.Name}");
        Beginning();
        return new Client(this, name.Name);
    }

    public IClientHandshake? TryBeginLight(NameInfo name) => Light || IsPlain(name, FlowSide.Client) ? Begin(name) : null;

    public FlowProtection? TryServeLight(NameInfo name, ReadOnlyMemory<byte> request) => Light || IsPlain(name, FlowSide.Server) ? Serve(name, request) : null;

    public FlowProtection Serve(NameInfo name, ReadOnlyMemory<byte> request)
    {
        Note($"serve {name.Name} {Encoding.UTF8.GetString(request.Span)}");
        Serving(name.Name);
        return new FlowProtection(new CountedCipher(this)) { Response = "response"u8.ToArray(), Algorithm = Light ? default : Crypto.Algorithms.CipherAlgorithm.Aes256Gcm };
    }

    private void Note(string what)
    {
        lock (_lock) _log.Add(what);
    }

    private sealed class Client : IClientHandshake
    {
        private readonly FakeSecurity _owner;
        private readonly string _name;
        private int _disposed;

        public Client(FakeSecurity owner, string name)
        {
            _owner = owner;
            _name = name;
            Interlocked.Increment(ref owner._live);
        }

        public ReadOnlyMemory<byte> Request { get; } = "request"u8.ToArray();

        public bool MayEncrypt => !_owner.Light;

        public bool IsLight(ReadOnlyMemory<byte> response) => _owner.Light;

        public FlowProtection Complete(ReadOnlyMemory<byte> response)
        {
            _owner.Note($"complete {_name} {Encoding.UTF8.GetString(response.Span)}");
            _owner.Completing();
            return new FlowProtection(new CountedCipher(_owner)) { Algorithm = _owner.Light ? default : Crypto.Algorithms.CipherAlgorithm.Aes256Gcm };
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) Interlocked.Decrement(ref _owner._live);
        }
    }

    /// <summary>Puts a mark around packets, and nothing else.</summary>
    private sealed class CountedCipher : Crypto.Cipher.IPacketCipher
    {
        private readonly FakeSecurity _owner;
        private int _disposed;

        public CountedCipher(FakeSecurity owner)
        {
            _owner = owner;
            Interlocked.Increment(ref owner._live);
        }

        public int HeaderLength => 12;

        public int TrailerLength => 16;

        public Crypto.Cipher.PacketCipherCounts Counts => default!;

        public bool TrySeal(Span<byte> packet)
        {
            packet[0] = 0x5a;
            return Volatile.Read(ref _disposed) == 0;
        }

        public bool TryUnseal(Span<byte> packet) => Volatile.Read(ref _disposed) == 0;

        public bool TryOpen(Span<byte> packet) => packet[0] == 0x5a && Volatile.Read(ref _disposed) == 0;

        public void ForgetPreviousKey()
        {
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) Interlocked.Decrement(ref _owner._live);
        }
    }
}

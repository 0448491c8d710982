using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Cipher;

/// <summary>
/// Packets in counter mode: confidential, but anybody can change them unseen, and no key can be tried. So it rotates exactly as the reference
/// does (oap-and-crypto.md section 6.2), one count and phase for both directions, and loses step with it when packets are lost. For peers that
/// have nothing better; off unless configuration allows it.
/// </summary>
public sealed unsafe class CounterPacketCipher : IPacketCipher
{
    private readonly CipherAlgorithm _algorithm;
    private readonly int _ivLength;
    private readonly int _rotationBit;
    private readonly uint _epochLength;
    private readonly IvSource _ivs;
    private readonly KeyChain _keys;
    private readonly CipherContext _context;
    private TurnGate _gate;
    private uint _count;
    private uint _age;
    private bool _rotationDue;
    private int _sealedEpoch;
    private long _sent;
    private long _received;
    private long _tooShort;

    /// <summary>Makes the cipher of a flow.</summary>
    /// <param name="algorithm">One in counter mode.</param>
    /// <param name="sessionKey">32 bytes; the cipher makes a copy, the caller still owns it.</param>
    /// <param name="options">Rotation and randomness.</param>
    public CounterPacketCipher(CipherAlgorithm algorithm, SecretBuffer sessionKey, PacketCipherOptions options)
    {
        ArgumentNullException.ThrowIfNull(sessionKey);
        ArgumentNullException.ThrowIfNull(options);
        if (algorithm.IsAuthenticated() || algorithm == CipherAlgorithm.None) throw new ArgumentException("no counter mode", nameof(algorithm));
        _algorithm = algorithm;
        _ivLength = algorithm.IvLength();
        _rotationBit = options.RotationBit;
        _epochLength = 1u << options.RotationBit;
        _ivs = new IvSource(options.Random, _ivLength);
        _keys = new KeyChain(sessionKey.Span);
        _context = new CipherContext(algorithm, encrypt: true);
        _context.SetKey(sessionKey.Span);
    }

    /// <inheritdoc/>
    public int HeaderLength => _ivLength;

    /// <inheritdoc/>
    public int TrailerLength => 0;

    /// <inheritdoc/>
    public PacketCipherCounts Counts => new(Volatile.Read(ref _sent), Volatile.Read(ref _received), Volatile.Read(ref _tooShort), 0, _keys.Epoch);

    private int PhaseOfCount => (int)(_count >> _rotationBit) & 1;

    /// <inheritdoc/>
    public bool TrySeal(Span<byte> packet)
    {
        if (packet.Length < _ivLength || !_gate.TryEnter()) return false;
        try
        {
            if (_rotationDue) Rotate();
            var phase = PhaseOfCount;
            _ivs.Next(packet[.._ivLength], phase);
            fixed (byte* p = packet)
            {
                if (!_context.Encrypt(p, p + _ivLength, packet.Length - _ivLength, null)) return false;
            }
            _sent++;
            _count++;
            _age++;
            // Not yet done, so that the packet can be taken back.
            _rotationDue = PhaseOfCount != phase;
            _sealedEpoch = _keys.Epoch;
            return true;
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc/>
    public bool TryOpen(Span<byte> packet)
    {
        if (packet.Length < _ivLength)
        {
            Interlocked.Increment(ref _tooShort);
            return false;
        }
        if (!_gate.TryEnter()) return false;
        try
        {
            if (_rotationDue) Rotate();
            if (packet[0] >> 7 != (_keys.Epoch & 1) && _age >= _epochLength - (_epochLength / 4)) Rotate();
            _count++;
            _age++;
            fixed (byte* p = packet)
            {
                if (!_context.Decrypt(p, p + _ivLength, packet.Length - _ivLength, null)) return false;
            }
            _received++;
            return true;
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc/>
    public bool TryUnseal(Span<byte> packet)
    {
        if (packet.Length < _ivLength || !_gate.TryEnter()) return false;
        try
        {
            if (_sealedEpoch != _keys.Epoch) return false;
            fixed (byte* p = packet)
            {
                if (!_context.Decrypt(p, p + _ivLength, packet.Length - _ivLength, null)) return false;
            }
            var phase = PhaseOfCount;
            _sent--;
            _count--;
            _age--;
            if (PhaseOfCount != phase) _rotationDue = false;
            return true;
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Nothing to do: no packet is ever tried under an older key.</summary>
    public void ForgetPreviousKey()
    {
    }

    /// <summary>Wipes the keys; packets are refused from now on.</summary>
    public void Dispose()
    {
        if (!_gate.Close()) return;
        _context.Dispose();
        _keys.Dispose();
    }

    /// <summary>Its algorithm and counts, no keys.</summary>
    public override string ToString() => $"{_algorithm.Name()}: {Counts}";

    private void Rotate()
    {
        _keys.MoveTo(_keys.Epoch + 1);
        _keys.ForgetPrevious();
        _context.SetKey(_keys.Key(_keys.Epoch));
        _age = 0;
        _rotationDue = false;
    }
}

using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.OpenSsl;
using Ouroboros.Crypto.Secrets;

namespace Ouroboros.Crypto.Cipher;

/// <summary>
/// Packets under an authenticated cipher, with rotation of keys as a tolerant end does it (oap-and-crypto.md section 6.3): the key phase in the
/// IV is only announced, never trusted. Opening tries the keys around the current epoch; only a packet that authenticates moves the epoch on, and
/// the sending side follows. The two directions share nothing but the number of the epoch and their counts.
/// A peer of whose packets two whole epochs were lost in a row is searched for further ahead, one key for each packet that no other key opens, once so many of them have
/// come that damage does not explain them. What is not authentic costs a bounded amount of work and moves nothing.
/// </summary>
public sealed unsafe class PacketCipher : IPacketCipher
{
    /// <summary>Packets in a row that no key opens before keys far ahead are tried.</summary>
    internal const int SearchAfter = 64;

    // After so many rounds without success somebody is sending rubbish rather than from an epoch far ahead: from then on one packet in sixteen is tried.
    private const int EagerRounds = 4;
    private const int RestrainedShare = 16;

    private readonly int _ivLength;
    private readonly int _tagLength;
    private readonly long _epochLength;
    private readonly CipherAlgorithm _algorithm;

    private readonly IvSource _ivs;
    private readonly KeyChain _sendKeys;
    private readonly CipherContext _seal;
    private TurnGate _sendGate;
    private long _sent;
    private long _sendEpochStart;

    private readonly KeyChain _receiveKeys;
    private CipherContext _open;
    private CipherContext? _trial;
    private int _trialEpoch = -1;
    private TurnGate _receiveGate;
    private long _received;
    private long _receiveEpochStart;
    private long _tooShort;
    private long _notAuthentic;
    private long _failuresInRow;
    private long _searched;
    private long _recoveries;

    private int _epoch;

    /// <summary>Makes the cipher of a flow.</summary>
    /// <param name="algorithm">One that <see cref="CipherAlgorithms.IsAuthenticated"/>.</param>
    /// <param name="sessionKey">32 bytes; the cipher makes copies, the caller still owns it.</param>
    /// <param name="options">Rotation and randomness.</param>
    /// <exception cref="OpenSslException">This system's OpenSSL lacks the cipher.</exception>
    public PacketCipher(CipherAlgorithm algorithm, SecretBuffer sessionKey, PacketCipherOptions options)
    {
        ArgumentNullException.ThrowIfNull(sessionKey);
        ArgumentNullException.ThrowIfNull(options);
        if (!algorithm.IsAuthenticated()) throw new ArgumentException($"{algorithm.Name()} has no tag; use {nameof(CounterPacketCipher)}", nameof(algorithm));
        _algorithm = algorithm;
        _ivLength = algorithm.IvLength();
        _tagLength = algorithm.TagLength();
        _epochLength = 1L << options.RotationBit;
        _ivs = new IvSource(options.Random, _ivLength);
        _sendKeys = new KeyChain(sessionKey.Span);
        _receiveKeys = new KeyChain(sessionKey.Span);
        _seal = new CipherContext(algorithm, encrypt: true);
        _open = new CipherContext(algorithm, encrypt: false);
        _seal.SetKey(sessionKey.Span);
        _open.SetKey(sessionKey.Span);
    }

    /// <inheritdoc/>
    public int HeaderLength => _ivLength;

    /// <inheritdoc/>
    public int TrailerLength => _tagLength;

    /// <inheritdoc/>
    public PacketCipherCounts Counts => new(
        Volatile.Read(ref _sent), Volatile.Read(ref _received), Volatile.Read(ref _tooShort), Volatile.Read(ref _notAuthentic), Volatile.Read(ref _epoch),
        Volatile.Read(ref _searched), Volatile.Read(ref _recoveries));

    /// <inheritdoc/>
    public bool TrySeal(Span<byte> packet)
    {
        if (packet.Length < _ivLength + _tagLength || !_sendGate.TryEnter()) return false;
        try
        {
            var total = _sent + Volatile.Read(ref _received);
            if (total - _sendEpochStart >= _epochLength) RaiseEpoch(_sendKeys.Epoch + 1);
            var epoch = Volatile.Read(ref _epoch);
            if (_sendKeys.Epoch != epoch) FollowInSending(epoch, total);
            _ivs.Next(packet[.._ivLength], epoch & 1);
            fixed (byte* p = packet)
            {
                if (!_seal.Encrypt(p, p + _ivLength, packet.Length - _ivLength - _tagLength, p + packet.Length - _tagLength)) return false;
            }
            Volatile.Write(ref _sent, _sent + 1);
            return true;
        }
        finally
        {
            _sendGate.Leave();
        }
    }

    /// <inheritdoc/>
    public bool TryOpen(Span<byte> packet)
    {
        if (packet.Length < _ivLength + _tagLength)
        {
            Interlocked.Increment(ref _tooShort);
            return false;
        }
        if (!_receiveGate.TryEnter()) return false;
        try
        {
            if (!TryDecrypt(packet, isPeers: true))
            {
                Volatile.Write(ref _notAuthentic, _notAuthentic + 1);
                return false;
            }
            Volatile.Write(ref _received, _received + 1);
            if (_failuresInRow != 0) EndSearch();
            if (_receiveKeys.HasPrevious && _received - _receiveEpochStart >= _epochLength / 2) ForgetReceived();
            return true;
        }
        finally
        {
            _receiveGate.Leave();
        }
    }

    /// <inheritdoc/>
    public bool TryUnseal(Span<byte> packet)
    {
        if (packet.Length < _ivLength + _tagLength || !_receiveGate.TryEnter()) return false;
        bool opened;
        try
        {
            opened = TryDecrypt(packet, isPeers: false);
        }
        finally
        {
            _receiveGate.Leave();
        }
        if (!opened || !_sendGate.TryEnter()) return opened;
        Volatile.Write(ref _sent, _sent - 1);
        _sendGate.Leave();
        return true;
    }

    /// <inheritdoc/>
    public void ForgetPreviousKey()
    {
        if (!_receiveGate.TryEnter()) return;
        ForgetReceived();
        _receiveGate.Leave();
    }

    /// <summary>Wipes the keys; packets are refused from now on.</summary>
    public void Dispose()
    {
        if (_sendGate.Close())
        {
            _seal.Dispose();
            _sendKeys.Dispose();
        }
        if (_receiveGate.Close())
        {
            _open.Dispose();
            _trial?.Dispose();
            _receiveKeys.Dispose();
        }
    }

    /// <summary>Its algorithm and counts, no keys.</summary>
    public override string ToString() => $"{_algorithm.Name()}: {Counts}";

    /// <summary>Under the key at hand, else under others: the peer may have begun an epoch, and another thread of ours since we sealed a packet.</summary>
    private bool TryDecrypt(Span<byte> packet, bool isPeers)
    {
        var epoch = Volatile.Read(ref _epoch);
        if (_receiveKeys.Epoch < epoch) FollowInReceiving(epoch);
        fixed (byte* p = packet)
        {
            var length = packet.Length - _ivLength - _tagLength;
            var tag = p + packet.Length - _tagLength;
            return _open.Decrypt(p, p + _ivLength, length, tag) || (isPeers ? TryOtherEpochs(p, length, tag) : TryPreviousEpoch(p, length, tag));
        }
    }

    private bool TryPreviousEpoch(byte* p, int length, byte* tag) => _receiveKeys.HasPrevious && TryEpoch(_receiveKeys.Epoch - 1, p, length, tag);

    private bool TryOtherEpochs(byte* p, int length, byte* tag)
    {
        var epoch = _receiveKeys.Epoch;
        if (TryEpoch(epoch + 1, p, length, tag)) return MoveReceiving(epoch + 1);
        if (TryPreviousEpoch(p, length, tag)) return true;
        if (TryEpoch(epoch + KeyChain.Ahead, p, length, tag)) return MoveReceiving(epoch + KeyChain.Ahead);
        var failures = ++_failuresInRow - SearchAfter;
        return failures > 0 && (failures <= EagerRounds * KeyChain.Reach || failures % RestrainedShare == 0) && TrySoughtEpoch(p, length, tag);
    }

    private bool TrySoughtEpoch(byte* p, int length, byte* tag)
    {
        _trial!.SetKey(_receiveKeys.Seek(out _trialEpoch));
        Volatile.Write(ref _searched, _searched + 1);
        if (!_trial.Decrypt(p, p + _ivLength, length, tag)) return false;
        Volatile.Write(ref _recoveries, _recoveries + 1);
        (_open, _trial) = (_trial, _open);
        _receiveKeys.MoveToSought();
        _receiveEpochStart = _received;
        // The schedule of the key that was the current one goes.
        _trialEpoch = _receiveKeys.Epoch;
        _trial.SetKey(_receiveKeys.Key(_trialEpoch));
        RaiseEpoch(_receiveKeys.Epoch);
        return true;
    }

    private void EndSearch()
    {
        if (_failuresInRow > SearchAfter) _receiveKeys.EndSearch();
        _failuresInRow = 0;
    }

    private bool TryEpoch(int epoch, byte* p, int length, byte* tag)
    {
        _trial ??= new CipherContext(_algorithm, encrypt: false);
        if (_trialEpoch != epoch)
        {
            _trial.SetKey(_receiveKeys.Key(epoch));
            _trialEpoch = epoch;
        }
        return _trial.Decrypt(p, p + _ivLength, length, tag);
    }

    /// <summary>A packet of a later epoch has authenticated: the context that opened it becomes the current one.</summary>
    private bool MoveReceiving(int epoch)
    {
        (_open, _trial) = (_trial!, _open);
        _trialEpoch = _receiveKeys.Epoch;
        _receiveKeys.MoveTo(epoch);
        _receiveEpochStart = _received;
        RaiseEpoch(epoch);
        return true;
    }

    /// <summary>The sending side has begun a new epoch.</summary>
    private void FollowInReceiving(int epoch)
    {
        while (_receiveKeys.Epoch < epoch) _receiveKeys.MoveTo(_receiveKeys.Epoch + 1);
        _open.SetKey(_receiveKeys.Key(epoch));
        _receiveEpochStart = _received;
    }

    private void FollowInSending(int epoch, long total)
    {
        while (_sendKeys.Epoch < epoch) _sendKeys.MoveTo(_sendKeys.Epoch + 1);
        _sendKeys.ForgetPrevious();
        _seal.SetKey(_sendKeys.Key(epoch));
        _sendEpochStart = total;
    }

    private void ForgetReceived()
    {
        if (!_receiveKeys.HasPrevious) return;
        // The context holds a schedule of the key as well; the current key takes its place.
        if (_trial is not null && _trialEpoch < _receiveKeys.Epoch)
        {
            _trialEpoch = _receiveKeys.Epoch;
            _trial.SetKey(_receiveKeys.Key(_trialEpoch));
        }
        _receiveKeys.ForgetPrevious();
    }

    private void RaiseEpoch(int epoch)
    {
        var seen = Volatile.Read(ref _epoch);
        while (seen < epoch)
        {
            var found = Interlocked.CompareExchange(ref _epoch, epoch, seen);
            if (found == seen) return;
            seen = found;
        }
    }
}

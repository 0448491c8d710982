using Ouroboros.Crypto.Algorithms;
using Ouroboros.Crypto.Cipher;
using Ouroboros.Crypto.Oap;
using Ouroboros.Crypto.Oap.Wire;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Irmd.Protocol;
using Serilog;

namespace Ouroboros.Runtime.Security;

/// <summary>OAP (oap-and-crypto.md) with what names have configured: one replay window and one folder of security files for a runtime.</summary>
public sealed class OapFlowSecurity : IFlowSecurity, IDisposable
{
    private readonly SecurityDirectory _files;
    private readonly OapSide _plain;
    private readonly TimeProvider _time;
    private readonly PacketCipherOptions _ciphers;
    private readonly OapServer _server = new();
    private readonly HandshakeMetrics _metrics = new();
    private readonly RateLimitedLog _log;

    /// <summary>Makes it.</summary>
    /// <param name="files">Security files of names; belongs to this from now on.</param>
    /// <param name="time">The clock of timestamps; two hosts may differ by 100 ms one way and 20 s the other.</param>
    /// <param name="ciphers">Key rotation; null = that of the reference.</param>
    public OapFlowSecurity(SecurityDirectory files, TimeProvider time, PacketCipherOptions? ciphers = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        _files = files;
        _plain = OapSide.Plain with { Trust = files.Trust };
        _time = time;
        _ciphers = ciphers ?? new PacketCipherOptions();
        _log = new RateLimitedLog(Log.ForContext<OapFlowSecurity>(), time);
    }

    /// <summary>How many handshakes of one side have ended in a way.</summary>
    public long Count(FlowSide side, OapFailure result) => _metrics.Count(side, result);

    /// <summary>Reads the security files of a name as a flow would, and looks whether this system can do what they say.</summary>
    /// <exception cref="FlowException">It cannot, or a file cannot be used; says which side, and why.</exception>
    public void Check(NameInfo name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var side in Enum.GetValues<FlowSide>())
        {
            if (IsPlain(name, side)) continue;
            var word = side == FlowSide.Server ? "server" : "client";
            try
            {
                if (Configured(name, side).Validate() is { } wrong) throw new FlowException(FlowError.NotSupported, wrong);
            }
            catch (FlowException e)
            {
                throw new FlowException(e.Error, $"{word}: {e.Message}", e);
            }
        }
    }

    /// <inheritdoc/>
    public bool IsPlain(NameInfo name, FlowSide side)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _files.IsPlain(side == FlowSide.Client, name.Name, name.PathsOf(side), name.PolicyOf(side));
    }

    /// <inheritdoc/>
    public IClientHandshake Begin(NameInfo name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Begin(name, Configured(name, FlowSide.Client));
    }

    /// <inheritdoc/>
    public IClientHandshake? TryBeginLight(NameInfo name) => IsPlain(name, FlowSide.Client) ? Begin(name, _plain) : null;

    /// <inheritdoc/>
    public FlowProtection? TryServeLight(NameInfo name, ReadOnlyMemory<byte> request) =>
        OapMessage.IsBare(request.Span) && IsPlain(name, FlowSide.Server) ? Serve(name, request, _plain) : null;

    /// <inheritdoc/>
    public FlowProtection Serve(NameInfo name, ReadOnlyMemory<byte> request)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Serve(name, request, Configured(name, FlowSide.Server));
    }

    /// <summary>Lets the trusted certificates go.</summary>
    public void Dispose()
    {
        _files.Dispose();
        _metrics.Dispose();
    }

    private Client Begin(NameInfo name, OapSide side) => new(this, side, OapClient.Begin(side, name.Name, OapClock.Now(_time)));

    private FlowProtection Serve(NameInfo name, ReadOnlyMemory<byte> request, OapSide side)
    {
        using var outcome = _server.Serve(side, name.Name, request.Span, OapClock.Now(_time));
        return Conclude(FlowSide.Server, outcome);
    }

    private OapSide Configured(NameInfo name, FlowSide side)
    {
        if (IsPlain(name, side)) return _plain;
        var (paths, policy) = (name.PathsOf(side), name.PolicyOf(side));
        return side == FlowSide.Client ? _files.Client(name.Name, paths, policy) : _files.Server(name.Name, paths, policy);
    }

    private FlowProtection Conclude(FlowSide side, OapOutcome outcome)
    {
        _metrics.Add(side, outcome.Failure);
        if (outcome.Error != FlowError.None)
        {
            _log.Warning("{Side} handshake: {Detail:l}", side, outcome.Detail);
            throw new FlowException(outcome.Error, outcome.Detail);
        }
        using var key = outcome.TakeKey();
        return new FlowProtection(key is null ? null : PacketCiphers.Create(outcome.Cipher, key, _ciphers))
        {
            Response = outcome.Response,
            Algorithm = key is null ? CipherAlgorithm.None : outcome.Cipher,
            Peer = outcome.Peer,
        };
    }

    private sealed class Client(OapFlowSecurity owner, OapSide side, OapClient client) : IClientHandshake
    {
        public ReadOnlyMemory<byte> Request => client.Request;

        public bool MayEncrypt => side.Encryption is not null;

        public bool IsLight(ReadOnlyMemory<byte> response) => !MayEncrypt && OapMessage.IsBare(response.Span);

        public FlowProtection Complete(ReadOnlyMemory<byte> response)
        {
            using var outcome = client.Complete(response.Span, OapClock.Now(owner._time));
            return owner.Conclude(FlowSide.Client, outcome);
        }

        public void Dispose() => client.Dispose();
    }
}

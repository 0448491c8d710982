using System.Collections.Concurrent;
using Google.Protobuf;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Irmd.Protocol;
using Serilog.Core;

namespace Ouroboros.Tests.Samples;

/// <summary>
/// A daemon that behaves like the reference's and always has the same IPCPs and names (Tests/Vectors/irmd/README.md, irm-requests.txt), to
/// see what the tool asks of it.
/// </summary>
internal sealed class IrmCannedDaemon : IControlHandler, IAsyncDisposable
{
    private const int FirstCreated = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("o7s-irm").FullName;
    private readonly ControlServer _server;
    private readonly List<IpcpInfo> _created = [];

    public IrmCannedDaemon()
    {
        SocketPath = Path.Combine(_folder, "irm.sock");
        _server = ControlServer.Start(
            this, new ControlSettings { Socket = SocketPath }, TimeProvider.System, Logger.None, _ => new Credentials(0, 0, "irm"));
    }

    public string SocketPath { get; }

    public ConcurrentQueue<IrmMsg> Requests { get; } = [];

    public List<IpcpInfo> Ipcps { get; } =
    [
        new IpcpInfo(10, "loc1", IpcpType.Local, IpcpState.Operational, new LayerInfo("L1", DirectoryHash.Sha3_256), 0, null),
        new IpcpInfo(11, "u1", IpcpType.Unicast, IpcpState.Operational, new LayerInfo("uni", DirectoryHash.Sha3_256), 0, null),
    ];

    public List<NameInfo> Names { get; } = [new NameInfo("svc")];

    /// <summary>Commands that fail, and how.</summary>
    public Dictionary<IrmCode, FlowError> Failing { get; } = [];

    /// <summary>The requests as the reference would send them, without our mark.</summary>
    public IReadOnlyList<string> Records => [.. Requests.Select(Plain)];

    public Task<ControlAnswer> ExecuteAsync(IrmMsg request, Credentials caller, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        return Task.FromResult(new ControlAnswer(Answer(request, new Replies(extended: false))));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder);
    }

    private IReadOnlyList<IrmMsg> Answer(IrmMsg request, Replies replies)
    {
        if (Failing.TryGetValue(request.Code, out var error)) return replies.Failed(error, "");
        switch (request.Code)
        {
            case IrmCode.ListIpcps:
                return replies.List(Ipcps.Concat(_created).Select(i => Mapping.ToWire(i, extended: false)), r => r.Ipcps, out _);
            case IrmCode.ListNames:
                return replies.List(Names.Select(n => Mapping.ToWire(n, paths: false)), r => r.Names, out _);
            case IrmCode.CreateIpcp:
                _created.Add(new IpcpInfo(
                    FirstCreated + _created.Count, request.IpcpInfo.Name, (IpcpType)request.IpcpInfo.Type, IpcpState.Boot, null, 0, null));
                break;
            case IrmCode.EnrollIpcp when request.Pid >= FirstCreated:
                _created[0] = _created[0] with { Layer = new LayerInfo(request.Dst, DirectoryHash.Sha3_256) };
                break;
        }
        return replies.Done();
    }

    private static string Plain(IrmMsg request)
    {
        var plain = request.Clone();
        plain.ClearExtensions();
        return Convert.ToHexString(plain.ToByteArray()).ToLowerInvariant();
    }
}

using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Control.Wire;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Control;

/// <summary>The requests, field for field as the reference's tool fills them in.</summary>
internal static class Requests
{
    /// <summary>Option bit of <see cref="BindProgram"/>: start the program on demand.</summary>
    public const uint AutoStart = 1;

    public static IrmMsg ListIpcps() => new() { Code = IrmCode.ListIpcps };

    public static IrmMsg CreateIpcp(string name, IpcpType type) => new()
    {
        Code = IrmCode.CreateIpcp,
        IpcpInfo = new IpcpInfoMsg { Type = (uint)type, Name = name, Pid = 0, State = 0 },
    };

    public static IrmMsg DestroyIpcp(int id) => new() { Code = IrmCode.DestroyIpcp, Pid = id };

    public static IrmMsg BootstrapIpcp(int id, LayerOptions options) =>
        new() { Code = IrmCode.BootstrapIpcp, Pid = id, Conf = LayerOptionsWire.ToWire(options) };

    public static IrmMsg EnrollIpcp(int id, string destination) => new() { Code = IrmCode.EnrollIpcp, Pid = id, Dst = destination };

    public static IrmMsg ConnectIpcp(int id, string destination, string component, QosSpec qos) =>
        new() { Code = IrmCode.ConnectIpcp, Pid = id, Dst = destination, Comp = component, Qosspec = Mapping.ToWire(qos) };

    public static IrmMsg DisconnectIpcp(int id, string destination, string component) =>
        new() { Code = IrmCode.DisconnectIpcp, Pid = id, Dst = destination, Comp = component };

    public static IrmMsg BindProgram(ProgramCommand program, string name, bool autoStart)
    {
        var request = new IrmMsg { Code = IrmCode.BindProgram, Name = name, Opts = autoStart ? AutoStart : 0 };
        request.Exec.Add(program.Path);
        request.Exec.Add(program.Arguments);
        // The reference's daemon turns the last one into the end of argv.
        request.Exec.Add("");
        return request;
    }

    public static IrmMsg UnbindProgram(string program, string? name)
    {
        var request = new IrmMsg { Code = IrmCode.UnbindProgram, Prog = program };
        if (name is not null) request.Name = name;
        return request;
    }

    public static IrmMsg BindProcess(int id, string name) => new() { Code = IrmCode.BindProcess, Pid = id, Name = name };

    public static IrmMsg UnbindProcess(int id, string? name)
    {
        var request = new IrmMsg { Code = IrmCode.UnbindProcess, Pid = id };
        if (name is not null) request.Name = name;
        return request;
    }

    public static IrmMsg CreateName(NameInfo info, bool extended)
    {
        var message = Mapping.ToWire(info, paths: true);
        if (!extended)
        {
            message.ClearSenc();
            message.ClearCenc();
            message.ClearSkem();
            message.ClearCkem();
            message.ClearSreq();
            message.ClearCreq();
        }
        return new IrmMsg { Code = IrmCode.CreateName, NameInfo = message };
    }

    public static IrmMsg SecureName(NameInfo info) => new() { Code = IrmCode.SecureName, NameInfo = Mapping.ToWire(info, paths: true) };

    public static IrmMsg DestroyName(string name) => new() { Code = IrmCode.DestroyName, Name = name };

    public static IrmMsg ListNames() => new() { Code = IrmCode.ListNames };

    public static IrmMsg RegisterName(string name, int ipcpId) => new() { Code = IrmCode.RegName, Name = name, Pid = ipcpId };

    public static IrmMsg UnregisterName(string name, int ipcpId) => new() { Code = IrmCode.UnregName, Name = name, Pid = ipcpId };

    public static IrmMsg Announce(string program, int pid) => new() { Code = IrmCode.ProcAnnounce, Prog = program, Pid = pid };

    public static IrmMsg Exit(int pid) => new() { Code = IrmCode.ProcExit, Pid = pid };

    /// <summary>Any of the three requests for a flow.</summary>
    public static IrmMsg Flow(FlowRequest request)
    {
        var (code, destination, qos, timeout) = request switch
        {
            AllocateRequest allocate => (IrmCode.FlowAlloc, (string?)allocate.Destination, allocate.Qos, allocate.Timeout),
            JoinRequest join => (IrmCode.FlowJoin, join.Layer, QosSpec.Np1, join.Timeout),
            AcceptRequest accept => (IrmCode.FlowAccept, null, QosSpec.Raw, accept.Timeout == Timeout.InfiniteTimeSpan ? null : (TimeSpan?)accept.Timeout),
            _ => throw new ArgumentException($"a {request.GetType().Name} has no form on the socket", nameof(request)),
        };
        var message = new IrmMsg
        {
            Code = code,
            FlowInfo = new FlowInfoMsg { Id = 0, NPid = (uint)request.ProcessId, N1Pid = 0, Mpl = 0, State = 0, Qos = Mapping.ToWire(qos), Uid = 0 },
        };
        if (destination is not null) message.Dst = destination;
        if (timeout is { } time)
        {
            message.Timeo = new TimeSpecMsg { Sec = (ulong)time.TotalSeconds, Nsec = (uint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) };
        }
        return message;
    }

    public static IrmMsg ListFlows() => new() { Code = IrmCode.ListFlows };

    public static IrmMsg ListProcesses() => new() { Code = IrmCode.ListProcesses };

    public static IrmMsg Inspect() => new() { Code = IrmCode.Inspect };

    public static IrmMsg ListRib(string path) => new() { Code = IrmCode.ListRib, Path = path };

    public static IrmMsg ReadRib(string path) => new() { Code = IrmCode.ReadRib, Path = path };
}

using Ouroboros.Layers.Unicast.Connections;
using Ouroboros.Runtime.Security;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Brings a runtime into the state that its configuration describes: names first, then one IPCP after another.</summary>
internal static class ConfigApplier
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    /// <summary>Applies everything.</summary>
    /// <param name="irm">What is told.</param>
    /// <param name="config">What it is to be.</param>
    /// <param name="time">Clock of retries.</param>
    /// <param name="security">Checks the security files of names before a flow needs them; null = nobody does.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="FlowException">A stanza failed and the configuration says to stop; the message begins with its path.</exception>
    public static async Task ApplyAsync(IrmClient irm, RuntimeConfig config, TimeProvider time, OapFlowSecurity? security, CancellationToken cancellationToken)
    {
        foreach (var warning in config.Warnings) Serilog.Log.ForContext(typeof(ConfigApplier)).Warning("{Warning:l}", warning);
        foreach (var name in config.Names)
        {
            await Step($"ouroboros.name.{Hocon.HoconPath.Quote(name.Info.Name)}", config, async () =>
            {
                security?.Check(name.Info);
                await irm.CreateNameAsync(name.Info, cancellationToken).ConfigureAwait(false);
                // Each autostart entry goes in front of those before it, so the last one bound is the first one started.
                foreach (var program in name.Programs.Reverse())
                {
                    await irm.BindProgramAsync(program.Program, name.Info.Name, program.AutoStart, cancellationToken).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }
        foreach (var stanza in config.Ipcps)
        {
            await Step(stanza.Path, config, () => ApplyAsync(irm, stanza, time, cancellationToken)).ConfigureAwait(false);
        }
    }

    private static async Task ApplyAsync(IrmClient irm, IpcpStanza stanza, TimeProvider time, CancellationToken cancellationToken)
    {
        var ipcp = await irm.CreateIpcpAsync(stanza.Name, stanza.Type, cancellationToken).ConfigureAwait(false);
        if (stanza.Enrol is { } destination) ipcp = await TryAsync(() => irm.EnrollIpcpAsync(ipcp.Id, destination, stanza.Own, cancellationToken)).ConfigureAwait(false);
        else if (stanza.Bootstrap is { } layer) ipcp = await irm.BootstrapIpcpAsync(ipcp.Id, layer, cancellationToken).ConfigureAwait(false);
        if (stanza.AutoBind && ipcp.Layer is not null)
        {
            await irm.BindProcessAsync(ipcp.Id, stanza.Name, cancellationToken).ConfigureAwait(false);
            if (ipcp.Layer.Name != stanza.Name) await irm.BindProcessAsync(ipcp.Id, ipcp.Layer.Name, cancellationToken).ConfigureAwait(false);
        }
        // Connections before names: a member without neighbours has nowhere to store a name.
        foreach (var peer in stanza.Connect)
        {
            if (stanza.Type == Layers.Ipcp.IpcpType.Unicast) await ConnectAsync(peer, ComponentNames.Management).ConfigureAwait(false);
            await ConnectAsync(peer, ComponentNames.DataTransfer).ConfigureAwait(false);
        }
        foreach (var name in stanza.Register)
        {
            await irm.CreateNameAsync(new Irmd.Protocol.NameInfo(name), cancellationToken).ConfigureAwait(false);
            await irm.RegisterNameAsync(name, ipcp.Id, cancellationToken).ConfigureAwait(false);
        }

        Task ConnectAsync(string peer, string component) => TryAsync(async () =>
        {
            await irm.ConnectIpcpAsync(ipcp.Id, peer, component, Layers.Flow.QosSpec.Raw, cancellationToken).ConfigureAwait(false);
            return true;
        });

        async Task<T> TryAsync<T>(Func<Task<T>> step)
        {
            // The other side may be starting at this moment, too.
            var wait = FirstRetry;
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    return await step().ConfigureAwait(false);
                }
                catch (FlowException) when (attempt < stanza.Retry)
                {
                    await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
                    wait = wait * 2 < LongestRetry ? wait * 2 : LongestRetry;
                }
            }
        }
    }

    private static async Task Step(string path, RuntimeConfig config, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (FlowException e) when (config.StopOnFailure)
        {
            throw new FlowException(e.Error, $"{path}: {e.Message}", e);
        }
        catch (FlowException e)
        {
            Serilog.Log.ForContext(typeof(ConfigApplier)).Error("{Path}: {Reason}; left out, as ouroboros.fail = continue says", path, e.Message);
        }
    }
}

using Ouroboros.Layers.Devices;

namespace Ouroboros.Layers.Shim;

/// <summary>Messages of a shim IPCP beyond those of every IPCP, and between it and its I/O actor.</summary>
public static class ShimProtocol
{
    /// <summary>Ask for a <see cref="Status"/>.</summary>
    public sealed record GetStatus
    {
        /// <summary>The message.</summary>
        public static GetStatus Instance { get; } = new();
    }

    /// <summary>How a shim layer is doing.</summary>
    /// <param name="Device">Its interface or socket; null while there is none.</param>
    /// <param name="State">What the link can do.</param>
    /// <param name="Address">Its own address.</param>
    /// <param name="Mtu">Of the device, bytes.</param>
    /// <param name="MaxPacketSize">Of a flow, bytes.</param>
    /// <param name="Flows">Pending, open and lingering flows.</param>
    /// <param name="Names">Names registered.</param>
    /// <param name="Directory">Names whose address is known.</param>
    /// <param name="Arrived">Requests without an answer yet.</param>
    /// <param name="Drops">What the layer dropped, by reason.</param>
    /// <param name="Link">What the device carried and dropped; null while there is none.</param>
    public sealed record Status(
        string? Device, LinkState State, LinkAddress Address, int Mtu, int MaxPacketSize, int Flows, int Names, int Directory, int Arrived,
        ShimCounters Drops, LinkCounters? Link);

    /// <summary>From the port: management messages wait.</summary>
    internal sealed record ManagementReady
    {
        public static ManagementReady Instance { get; } = new();
    }

    /// <summary>From the port: the link has changed.</summary>
    internal sealed record LinkChanged(LinkEvent Event);

    /// <summary>From the I/O actor: a device is in place.</summary>
    internal sealed record LinkAttached(ILinkDevice Device);

    /// <summary>From the I/O actor: the device is gone, another will come.</summary>
    internal sealed record LinkDetached(string Reason);

    /// <summary>To the I/O actor, from the device: it cannot go on.</summary>
    internal sealed record LinkFailed(ILinkDevice? Device, Exception Reason);

    /// <summary>To itself, the I/O actor: try to open the device again.</summary>
    internal sealed record OpenAgain
    {
        public static OpenAgain Instance { get; } = new();
    }
}

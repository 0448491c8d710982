using Ouroboros.Layers.Devices;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Ethernet;

/// <summary>Opens the device of an Ethernet layer, without decorators.</summary>
/// <param name="config">The layer.</param>
/// <param name="context">Pool and clock.</param>
/// <param name="isFirst">Whether a missing interface is an error; later it is waited for.</param>
/// <exception cref="FlowException">It cannot be opened; the message says what to do.</exception>
public delegate ILinkDevice EthernetDeviceOpener(EthernetConfig config, IpcpContext context, bool isFirst);

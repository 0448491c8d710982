using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;
using Ouroboros.Layers.Actors;
using Ouroboros.Layers.Ipcp;

namespace Ouroboros.Layers.Local;

/// <summary>The local kind of IPCP.</summary>
public sealed class LocalKind : IIpcpKind
{
    /// <inheritdoc/>
    public IpcpType Type => IpcpType.Local;

    /// <inheritdoc/>
    public string Name => "local";

    /// <inheritdoc/>
    public Props CreateProps(IpcpContext context) => ActorFactory.Props(() => new LocalIpcp(context));

    /// <inheritdoc/>
    public IpcpConfig ReadConfig(string layer, HoconReader options) =>
        new LocalConfig(new LayerInfo(layer, DirectoryHashOption.Read(options)));
}

using Akka.Actor;
using Ouroboros.Crypto.Hashing;
using Ouroboros.Hocon;

namespace Ouroboros.Layers.Unicast.Directory;

/// <summary>A way to find at which address of a layer a name is registered.</summary>
public interface IDirectoryPolicy
{
    /// <summary>Its number in a layer's configuration.</summary>
    int Number { get; }

    /// <summary>Its name in HOCON and on the command line.</summary>
    string Name { get; }

    /// <summary>Reads its parameters; see <c>hocon/reference.conf</c>.</summary>
    /// <param name="options">The options of the layer; errors carry their path.</param>
    /// <param name="hash">The layer's hash, which makes the keys.</param>
    DirectoryConfig ReadConfig(HoconReader options, DirectoryHash hash);

    /// <summary>How to make the actor that speaks <see cref="DirectoryProtocol"/>.</summary>
    /// <exception cref="FlowException">The configuration is another policy's, or the address none of the layer.</exception>
    Props CreateProps(DirectoryContext context);
}

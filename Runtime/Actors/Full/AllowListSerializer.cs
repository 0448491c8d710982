using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// Hyperion that makes nothing but <see cref="RemoteTypes"/>. It stands in the configuration in place of Akka.NET's general serializers, JSON
/// too, which makes whatever type a message names.
/// </summary>
/// <remarks>The filter goes in through the settings: that of <c>HyperionSerializerSetup</c> is not used by Hyperion's serializer in Akka.NET 1.5.73.</remarks>
public sealed class AllowListSerializer : HyperionSerializer
{
    /// <summary>Made by the actor system.</summary>
    public AllowListSerializer(ExtendedActorSystem system)
        : base(system, HyperionSerializerSettings.Default.WithDisallowUnsafeType(true).WithTypeFilter(RemoteTypes.Instance))
    {
    }

    /// <summary>Made by the actor system where the name it stands under has settings; there is nothing to set.</summary>
    public AllowListSerializer(ExtendedActorSystem system, Config settings)
        : this(system)
    {
    }
}

using System.Reflection;
using System.Text.Json;
using Ouroboros.Hocon;

namespace Akka.Configuration;

/// <summary>Makes configurations from HOCON.</summary>
public static class ConfigurationFactory
{
    private static readonly Lazy<Config> Reference = new(() =>
        FromResource("Akka.Configuration.akka.conf", typeof(ConfigurationFactory).Assembly));

    /// <summary>A configuration without settings.</summary>
    public static Config Empty => new();

    /// <summary>The settings of the engine with their defaults.</summary>
    public static Config Default() => Reference.Value;

    /// <summary>What a system gets that is given no configuration: nothing but the defaults.</summary>
    public static Config Load() => Empty;

    /// <summary>Reads HOCON.</summary>
    /// <param name="hocon">The text.</param>
    /// <exception cref="ConfigurationException">It is malformed; the message says where.</exception>
    public static Config ParseString(string hocon)
    {
        try
        {
            return new Config(HoconDocument.ParseString(hocon));
        }
        catch (HoconException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    /// <summary>Makes a configuration from the properties of an object.</summary>
    /// <param name="source">The object.</param>
    public static Config FromObject(object source) => ParseString(JsonSerializer.Serialize(source));

    /// <summary>Reads HOCON that is embedded in an assembly.</summary>
    /// <param name="resourceName">Name of the resource.</param>
    /// <param name="assembly">The assembly.</param>
    /// <exception cref="ConfigurationException">There is no such resource, or it is malformed.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"There is no resource {resourceName} in {assembly.GetName().Name}");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }

    /// <summary>Reads HOCON that is embedded in the assembly of a type.</summary>
    /// <typeparam name="TAssembly">The type.</typeparam>
    /// <param name="resourceName">Name of the resource.</param>
    /// <exception cref="ConfigurationException">There is no such resource, or it is malformed.</exception>
    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);
}

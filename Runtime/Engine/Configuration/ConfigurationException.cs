using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A setting is missing or makes no sense.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    public ConfigurationException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="exception">Why, or null.</param>
    public ConfigurationException(string message, Exception? exception) : base(message, exception)
    {
    }
}

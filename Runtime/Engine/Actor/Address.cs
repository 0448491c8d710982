namespace Akka.Actor;

/// <summary>The address of an actor system: <c>akka://system</c>, with <c>@host:port</c> when it is remote.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>
{
    /// <summary>The address that stands for every system.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    private readonly string _text;

    /// <summary>Makes an address.</summary>
    /// <param name="protocol">Such as <c>akka</c>.</param>
    /// <param name="system">Name of the system.</param>
    /// <param name="host">Host, or null for this process.</param>
    /// <param name="port">Port, or null.</param>
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
        _text = string.IsNullOrWhiteSpace(Host) ? $"{protocol}://{system}"
            : port is null ? $"{protocol}://{system}@{Host}" : $"{protocol}://{system}@{Host}:{port}";
    }

    /// <summary>Host, or null for this process.</summary>
    public string? Host { get; }

    /// <summary>Port, or null.</summary>
    public int? Port { get; }

    /// <summary>Name of the system.</summary>
    public string System { get; }

    /// <summary>Protocol, such as <c>akka</c>.</summary>
    public string Protocol { get; }

    /// <summary>Whether the address means this process only.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <summary>Whether the address can be reached from other processes.</summary>
    public bool HasGlobalScope => !HasLocalScope;

    /// <summary>Reads <c>akka://system[@host[:port]]</c>, with whatever path follows.</summary>
    /// <param name="path">The text.</param>
    /// <param name="address">The address read.</param>
    public static bool TryParse(string path, out Address address) => TryParse(path, out address, out _);

    internal static bool TryParse(string path, out Address address, out string rest)
    {
        address = AllSystems;
        rest = "/";
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 4 || !path.StartsWith("akka", StringComparison.OrdinalIgnoreCase)) return false;
        var slash = path.IndexOf('/', scheme + 3);
        var authority = slash < 0 ? path[(scheme + 3)..] : path[(scheme + 3)..slash];
        if (slash >= 0) rest = path[slash..];
        var protocol = path[..scheme].ToLowerInvariant();
        var at = authority.IndexOf('@');
        if (at < 0)
        {
            if (authority.Length == 0) return false;
            address = new Address(protocol, authority);
            return true;
        }
        var colon = authority.LastIndexOf(':');
        if (colon < at)
        {
            address = new Address(protocol, authority[..at], authority[(at + 1)..]);
            return true;
        }
        if (!int.TryParse(authority.AsSpan(colon + 1), out var port)) return false;
        address = new Address(protocol, authority[..at], authority[(at + 1)..colon], port);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Address? other) => ReferenceEquals(this, other) || (other is not null && other._text == _text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(Address? other) => string.CompareOrdinal(_text, other?._text);

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <summary>Same protocol, system, host and port.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Address? left, Address? right) => left?.Equals(right) ?? right is null;

    /// <summary>Not the same protocol, system, host and port.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Address? left, Address? right) => !(left == right);
}

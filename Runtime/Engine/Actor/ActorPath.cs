using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in the tree of its system, such as <c>akka://system/user/parent/child</c>, with the uid of one incarnation
/// (0: any). Two paths are equal when address and names are; the uid does not count.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    internal const long UndefinedUid = 0;

    /// <summary>What may stand in a name besides ASCII letters and digits.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly ActorPath? _parent;
    private readonly string _name;
    private readonly long _uid;
    private readonly int _depth;

    private protected ActorPath(string name) => _name = name;

    private protected ActorPath(ActorPath parent, string name, long uid)
    {
        _parent = parent;
        _name = name;
        _uid = uid;
        _depth = parent._depth + 1;
    }

    /// <summary>Name of the last element.</summary>
    public string Name => _name;

    /// <summary>Which incarnation of the actor at this place; 0: not said.</summary>
    public long Uid => _uid;

    /// <summary>The path above, or null for the root.</summary>
    public ActorPath Parent => _parent!;

    /// <summary>Number of names in the path; 0 for the root.</summary>
    public int Depth => _depth;

    /// <summary>The address of the system.</summary>
    public Address Address => ((RootActorPath)Root).RootAddress;

    /// <summary>The path of the root of the tree.</summary>
    public ActorPath Root => ParentOf(0);

    /// <summary>The names, from the root down.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[_depth];
            for (ActorPath? p = this; p!._depth > 0; p = p._parent) names[p._depth - 1] = p._name;
            return names;
        }
    }

    /// <summary>Whether a name may be given to an actor: not empty, no leading <c>$</c>, only URI characters.</summary>
    /// <param name="s">The name.</param>
    public static bool IsValidPathElement([NotNullWhen(true)] string? s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') return false;
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || (c < 128 && ValidSymbols.Contains(c, StringComparison.Ordinal))) continue;
            if (c != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2])) return false;
            i += 2;
        }
        return true;
    }

    /// <summary>Reads a path with its address, and its uid if there is one.</summary>
    /// <param name="path">The text.</param>
    /// <exception cref="UriFormatException">It is not a path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var result) ? result : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    /// <summary>Reads a path with its address, and its uid if there is one.</summary>
    /// <param name="path">The text.</param>
    /// <param name="actorPath">The path read.</param>
    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        if (!Address.TryParse(path, out var address, out var rest)) return false;
        ActorPath result = new RootActorPath(address);
        foreach (var element in rest.Split('/', StringSplitOptions.RemoveEmptyEntries)) result /= element;
        actorPath = result;
        return true;
    }

    /// <summary>The path of a child; <c>name#uid</c> names one incarnation.</summary>
    /// <param name="path">The parent.</param>
    /// <param name="name">The name.</param>
    public static ActorPath operator /(ActorPath path, string name)
    {
        var (bare, uid) = SplitUid(name);
        return new ChildActorPath(path, bare, uid);
    }

    /// <summary>The path of a descendant.</summary>
    /// <param name="path">Where it starts.</param>
    /// <param name="name">The names on the way down; empty ones are left out.</param>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (var element in name)
            if (!string.IsNullOrEmpty(element)) path /= element;
        return path;
    }

    /// <summary>The path of a child.</summary>
    /// <param name="childName">Its name.</param>
    public ActorPath Child(string childName) => this / childName;

    /// <summary>The ancestor at a depth; a negative depth counts upwards from here.</summary>
    /// <param name="depth">0 is the root.</param>
    public ActorPath ParentOf(int depth)
    {
        var target = depth >= 0 ? depth : Math.Max(0, _depth + depth);
        var path = this;
        while (path._depth > target) path = path._parent!;
        return path;
    }

    /// <summary>The same place, another incarnation.</summary>
    /// <param name="uid">Its uid; 0: not said.</param>
    /// <exception cref="NotSupportedException">The root has no uid.</exception>
    public ActorPath WithUid(long uid)
    {
        if (uid == _uid) return this;
        if (_parent is null) throw new NotSupportedException("RootActorPath must have undefined Uid");
        return new ChildActorPath(_parent, _name, uid);
    }

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        if (other is null || _depth != other._depth) return false;
        ActorPath a = this, b = other;
        while (!ReferenceEquals(a, b))
        {
            if (a._name != b._name) return false;
            if (a._parent is null || b._parent is null) return a.Address.Equals(b.Address);
            a = a._parent;
            b = b._parent;
        }
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) return 0;
        if (other is null) return 1;
        if (_depth == 0) return other._depth > 0 ? 1 : string.CompareOrdinal(ToString(), other.ToString());
        if (other._depth == 0) return -other.CompareTo(this);
        var byName = string.CompareOrdinal(_name, other._name);
        return byName != 0 ? byName : _parent!.CompareTo(other._parent);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var p = this; p is not null; p = p._parent) hash.Add(p._name.GetHashCode(StringComparison.Ordinal));
        return hash.ToHashCode();
    }

    /// <summary>The path with its address, without uid.</summary>
    public override string ToString() => ToStringWithAddress();

    /// <summary>The path with its address, and <c>#uid</c> when there is one.</summary>
    public string ToStringWithUid() => _uid == UndefinedUid ? ToString() : $"{ToString()}#{_uid}";

    /// <summary>The path with its address.</summary>
    public string ToStringWithAddress() => Address + ToStringWithoutAddress();

    /// <summary>The path with the given address, unless it has a host and port of its own.</summary>
    /// <param name="address">The address.</param>
    public string ToStringWithAddress(Address address) =>
        (Address.Host is not null && Address.Port is not null ? Address : address) + ToStringWithoutAddress();

    /// <summary>The path from the root: <c>/user/a/b</c>.</summary>
    public string ToStringWithoutAddress() => _depth == 0 ? "/" : "/" + string.Join('/', Elements);

    /// <summary>The form that names one incarnation across processes.</summary>
    public string ToSerializationFormat() => ToStringWithUid();

    /// <summary>Same address and names.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left?.Equals(right) ?? right is null;

    /// <summary>Not the same address and names.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    internal static (string Name, long Uid) SplitUid(string name)
    {
        var hash = name.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? (name, UndefinedUid)
            : (name[..hash], long.TryParse(name.AsSpan(hash + 1), out var uid) ? uid : UndefinedUid);
    }
}

using System.Reflection;
using System.Text.RegularExpressions;
using Hyperion;
using Ouroboros.Layers.Ipcp;
using Ouroboros.Runtime.Irmd.Protocol;

namespace Ouroboros.Runtime.Actors;

/// <summary>
/// The types that may be made from what another machine sends: the IRMd's commands, what it answers, and what these consist of. Everything
/// else is refused by name, before a type of that name is looked for.
/// </summary>
/// <remarks>
/// Hyperion's own filter holds short names but is asked for full ones when a message is sent, so that it refuses every message; this one
/// knows both.
/// </remarks>
internal sealed partial class RemoteTypes : ITypeFilter
{
    private readonly HashSet<Type> _types = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private RemoteTypes()
    {
        // An application belongs to one machine: what it is attached with stays there.
        foreach (var type in typeof(IrmProtocol).GetNestedTypes())
            if (type != typeof(IrmProtocol.Attach) && type != typeof(IrmProtocol.Attached) && type != typeof(IrmProtocol.Detach)) Add(type);
        foreach (var result in new[] { typeof(IpcpInfo), typeof(NameInfo), typeof(FlowInfo), typeof(ProcessInfo) })
        {
            Add(result);
            Note(typeof(List<>).MakeGenericType(result));
        }
    }

    /// <summary>The only one.</summary>
    public static RemoteTypes Instance { get; } = new();

    /// <summary>Every type on the list.</summary>
    public IReadOnlyCollection<Type> All => _types;

    /// <inheritdoc/>
    public bool IsAllowed(string typeName) => _names.Contains(typeName);

    /// <summary>The name that Hyperion writes: without versions, and with a sign in place of that of the core library.</summary>
    private static string ShortName(Type type)
    {
        var core = typeof(object).AssemblyQualifiedName!;
        return Version().Replace(type.AssemblyQualifiedName!.Replace(core[core.IndexOf(", Version", StringComparison.Ordinal)..], ",%core%", StringComparison.Ordinal), "");
    }

    [GeneratedRegex(@", Version=[\d.]+, Culture=[^,\]]+, PublicKeyToken=(null|[\da-f]+)")]
    private static partial Regex Version();

    private bool Note(Type type)
    {
        if (!_types.Add(type)) return false;
        _names.Add(type.AssemblyQualifiedName!);
        _names.Add(ShortName(type));
        return true;
    }

    private void Add(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.IsInterface)
        {
            // A list, whichever way it was made: the records make arrays of theirs.
            var item = type.GetGenericArguments()[^1];
            Note(item.MakeArrayType());
            Add(item);
            return;
        }
        if (type.IsArray) Add(type.GetElementType()!);
        if (type == typeof(IpcpConfig)) AddConfigurations();
        if (type.IsAbstract || !Note(type)) return;
        // What others made is taken as it is; its parts are primitive values.
        if (!type.Assembly.GetName().Name!.StartsWith("Ouroboros.", StringComparison.Ordinal) || type.IsEnum) return;
        for (var one = type; one is not null && one != typeof(object); one = one.BaseType)
            foreach (var field in one.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)) Add(field.FieldType);
    }

    /// <summary>What any kind of layer of this build is bootstrapped with.</summary>
    private void AddConfigurations()
    {
        foreach (var assembly in IpcpKinds.All.Select(k => k.GetType().Assembly).Distinct())
            foreach (var type in assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(IpcpConfig)))) Add(type);
    }
}

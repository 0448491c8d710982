using System.Runtime.CompilerServices;

namespace Ouroboros.Hocon;

/// <summary>
/// Resolves a model. Lookups go by path and evaluate no more than the path needs; while a value that holds a substitution is resolved
/// its field shows only the values below it, which is how a self-reference looks back and how a circle comes to an end.
/// A value is null where an optional substitution found nothing, and <see cref="Circle"/> where an object was asked for as a whole
/// while it was being resolved as a whole.
/// </summary>
internal sealed class Resolver(ObjectModel root, HoconOptions options)
{
    private static readonly HoconScalar Circle = new(new HoconOrigin("<circle>"), "", true);

    private readonly TreeBuilder _trees = new(options);
    private int _depth;
    private bool _lookedBack;
    private SubstitutionModel? _circle;

    public HoconObject Resolve()
    {
        var value = ResolveObject(root);
        if (value != Circle) return (HoconObject)_trees.Materialise(value, null, null, 0);
        var at = _circle!;
        throw new HoconException(
            at.Origin, Place.Name(at.Place), $"{Show(at)} refers to a value that contains this very place; refer to a single key of it instead");
    }

    private static string Show(SubstitutionModel substitution) =>
        HoconException.Quote($"${{{(substitution.Optional ? "?" : "")}{HoconPath.Join(substitution.Path)}{(substitution.List ? "[]" : "")}}}");

    private HoconValue? ResolveNode(ModelNode node)
    {
        _trees.Charge(1, node.Origin, node.Place);
        if (node is ScalarModel scalar) return scalar.Value;
        var memo = (MemoModel)node;
        if (memo.HasResult) return memo.Result;
        if (memo.Resolving) return Circle;
        if (++_depth > _trees.Options.MaxResolutionDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new HoconException(
                node.Origin, Place.Name(node.Place), $"more than {_trees.Options.MaxResolutionDepth} substitutions and nested values wait for one another here; shorten the chain, or raise HoconOptions.MaxResolutionDepth");
        }
        memo.Resolving = true;
        var result = node switch
        {
            ObjectModel obj => ResolveFields(obj),
            ArrayModel array => ResolveArray(array),
            SubstitutionModel substitution => ResolveSubstitution(substitution),
            ConcatenationModel concatenation => ResolveConcatenation(concatenation),
            _ => throw new InvalidOperationException($"No value of {node.GetType().Name}."),
        };
        memo.Resolving = false;
        _depth--;
        // What ended in a circle may still have a value when it is asked for from elsewhere.
        if (result != Circle) memo.Result = result;
        return result;
    }

    private HoconValue ResolveObject(ObjectModel obj) => ResolveNode(obj)!;

    private HoconValue ResolveFields(ObjectModel model)
    {
        var obj = new HoconObject(model.Origin);
        foreach (var field in model.Fields.Values)
        {
            // The object as a whole is wanted by one of its own fields.
            if (field.IsLimited) return Circle;
            var value = ResolveField(field, field.Entries.Count);
            if (value == Circle) return Circle;
            if (value is not null) obj.Set(field.Key, value, field.KeyOrigin);
        }
        _trees.CheckHeight(obj, model.Place);
        return obj;
    }

    private HoconValue ResolveArray(ArrayModel model)
    {
        var items = new List<HoconValue>(model.Items.Count);
        var height = 0;
        foreach (var item in model.Items)
        {
            var value = ResolveNode(item);
            if (value == Circle) return Circle;
            if (value is null) continue;
            items.Add(value);
            height = Math.Max(height, value.Height);
        }
        var array = new HoconArray(model.Origin, items, items.Count, height + 1);
        _trees.CheckHeight(array, model.Place);
        return array;
    }

    /// <summary>The value of the lowest <paramref name="count"/> entries: the topmost that has a value, objects merged with those below.</summary>
    private HoconValue? ResolveField(FieldStack field, int count)
    {
        if (count == 0) return null;
        var entries = field.Entries;
        if (entries[count - 1].HasFolded) return entries[count - 1].Folded;
        // A long chain of self-references (a += 1, a += 2, ...) is folded from below, so that it does not become as deep as it is long.
        var start = count - 1;
        while (start > 0 && (entries[start].SelfReference || entries[start].Node is ObjectModel) && !entries[start - 1].HasFolded) start--;
        for (var i = start; i < count - 1; i++) Fold(field, i + 1);
        return Fold(field, count);
    }

    private HoconValue? Fold(FieldStack field, int count)
    {
        var last = field.Entries[count - 1];
        if (last.HasFolded) return last.Folded;
        HoconObject? merged = null;
        HoconValue? result = null;
        for (var i = count - 1; i >= 0; i--)
        {
            var rest = field.Entries[i].HasFolded;
            var value = rest ? field.Entries[i].Folded : ResolveEntry(field, i);
            if (value == Circle) return Circle;
            if (rest && (value is null || value == result)) break;
            if (value is null) continue;
            if (value is not HoconObject obj)
            {
                result = merged is null ? value : _trees.Hiding(merged);
                break;
            }
            result = merged = merged is null ? obj : _trees.Merge(merged, obj, field.Place);
            if (rest || merged.HidesFallbacks) break;
        }
        if (result is not null) _trees.CheckHeight(result, field.Place);
        last.Folded = result;
        last.HasFolded = true;
        return result;
    }

    private HoconValue? ResolveEntry(FieldStack field, int index)
    {
        var entry = field.Entries[index];
        if (entry.Node is not (SubstitutionModel or ConcatenationModel)) return ResolveNode(entry.Node);
        var limit = field.Limit;
        field.Limit = Math.Min(limit, entry.Below);
        var value = ResolveNode(entry.Node);
        field.Limit = limit;
        if (entry.MustBeObject && value is not null && value != Circle && value is not HoconObject)
            throw CannotJoin(entry.Node, value, "an object");
        return value;
    }

    private HoconValue? ResolveSubstitution(SubstitutionModel substitution)
    {
        var lookedBack = _lookedBack;
        _lookedBack = false;
        var value = Find(substitution);
        var selfOnly = _lookedBack;
        _lookedBack = lookedBack;
        if (value == Circle)
        {
            if (!substitution.Optional)
            {
                _circle ??= substitution;
                return Circle;
            }
            _circle = null;
            return null;
        }
        if (value is not null || substitution.Optional) return value;
        throw new HoconException(
            substitution.Origin,
            Place.Name(substitution.Place),
            selfOnly
                ? $"{Show(substitution)} refers to itself, and there is no earlier value that it could mean; give it one, or write ${{?...}} if it may be missing"
                : $"{Show(substitution)} is neither in the document nor in the environment; define it, or write ${{?...}} if it may be missing");
    }

    private HoconValue? Find(SubstitutionModel substitution)
    {
        if (substitution.Self is { } self)
        {
            var (anchor, path) = self.Locate();
            return Lookup(anchor, path, substitution);
        }
        for (var scope = substitution.Scope; scope is not null; scope = scope.Outer)
        {
            var (anchor, prefix) = scope.Root.Owner?.Locate() ?? (scope.Root, []);
            prefix.AddRange(substitution.Path);
            if (Lookup(anchor, prefix, substitution) is { } found) return found;
        }
        return Lookup(root, substitution.Path, substitution) ?? FromEnvironment(substitution);
    }

    private HoconValue? FromEnvironment(SubstitutionModel substitution)
    {
        var name = string.Join('.', substitution.Path);
        if (!substitution.List) return Variable(name) is { } text ? new HoconScalar(substitution.Origin, text, true) : null;
        var items = new List<HoconValue>();
        while (Variable($"{name}_{items.Count}") is { } item)
        {
            _trees.Charge(1, substitution.Origin, substitution.Place);
            items.Add(new HoconScalar(substitution.Origin, item, true));
        }
        return items.Count > 0 ? new HoconArray(substitution.Origin, items, items.Count, 2) : null;

        string? Variable(string variable)
        {
            try
            {
                return _trees.Options.Environment(variable);
            }
            catch (Exception e) when (e is ArgumentException or System.Security.SecurityException)
            {
                return null;
            }
        }
    }

    /// <summary>The value at a path. Layers of the same path, topmost first, are merged as far as they are objects.</summary>
    private HoconValue? Lookup(ObjectModel anchor, IReadOnlyList<string> path, SubstitutionModel substitution)
    {
        IEnumerable<object> layers = [anchor];
        foreach (var key in path) layers = Step(layers, key, substitution);
        HoconObject? merged = null;
        foreach (var layer in layers)
        {
            HoconValue? value;
            if (layer is FieldStack field)
            {
                _lookedBack |= field.IsLimited;
                value = ResolveField(field, field.Visible);
            }
            else
            {
                value = (HoconValue)layer;
            }
            if (value == Circle) return Circle;
            if (value is null) continue;
            if (value is not HoconObject obj) return merged is null ? value : _trees.Hiding(merged);
            merged = merged is null ? obj : _trees.Merge(merged, obj, substitution.Place);
            if (merged.HidesFallbacks) break;
        }
        return merged;
    }

    /// <summary>What <paramref name="key"/> is in each of the layers; ends at the first layer that is not an object and so hides the rest.</summary>
    private IEnumerable<object> Step(IEnumerable<object> layers, string key, SubstitutionModel substitution)
    {
        foreach (var layer in layers)
        {
            _trees.Charge(1, substitution.Origin, substitution.Place);
            switch (layer)
            {
                case ObjectModel obj:
                    if (obj.Fields.TryGetValue(key, out var child)) yield return child;
                    break;
                case HoconObject obj:
                    if (obj.TryGetKey(key, out var value)) yield return value;
                    if (obj.HidesFallbacks) yield break;
                    break;
                case FieldStack field:
                    _lookedBack |= field.IsLimited;
                    for (var i = field.Visible - 1; i >= 0; i--)
                    {
                        _trees.Charge(1, substitution.Origin, substitution.Place);
                        var entry = field.Entries[i].Node;
                        if (entry is ObjectModel model)
                        {
                            if (model.Fields.TryGetValue(key, out var inner)) yield return inner;
                            continue;
                        }
                        if (entry is not (SubstitutionModel or ConcatenationModel)) yield break;
                        var resolved = ResolveEntry(field, i);
                        if (resolved is null) continue;
                        if (resolved == Circle) yield return Circle;
                        if (resolved is not HoconObject found) yield break;
                        if (found.TryGetKey(key, out var part)) yield return part;
                        if (found.HidesFallbacks) yield break;
                    }
                    break;
                default:
                    if (layer == Circle) yield return Circle;
                    yield break;
            }
        }
    }

    private HoconValue? ResolveConcatenation(ConcatenationModel model)
    {
        var values = new List<(HoconValue Value, ModelNode Part)>(model.Parts.Count);
        var containers = false;
        var any = false;
        foreach (var part in model.Parts)
        {
            var value = ResolveNode(part);
            if (value == Circle) return Circle;
            if (value is null) continue;
            containers |= value is HoconObject or HoconArray;
            any |= part is not ScalarModel { IsSpace: true };
            values.Add((value, part));
        }
        if (!any) return null;
        var joined = containers ? JoinContainers(values, model) : JoinText(values, model);
        _trees.CheckHeight(joined, model.Place);
        return joined;
    }

    private HoconScalar JoinText(List<(HoconValue Value, ModelNode Part)> values, ConcatenationModel model)
    {
        var length = values.Sum(v => (long)((HoconScalar)v.Value).Text.Length);
        _trees.ChargeText(length, model.Origin, model.Place);
        return new HoconScalar(model.Origin, string.Concat(values.Select(v => ((HoconScalar)v.Value).Text)), true);
    }

    private HoconValue JoinContainers(List<(HoconValue Value, ModelNode Part)> values, ConcatenationModel model)
    {
        HoconValue? joined = null;
        ModelNode? before = null;
        foreach (var (value, part) in values)
        {
            if (part is ScalarModel { IsSpace: true }) continue;
            before ??= part;
            joined = joined switch
            {
                _ when value is HoconScalar => throw CannotJoin(part, value, values.Exists(v => v.Value is HoconArray) ? "an array" : "an object"),
                null => value,
                HoconObject below when value is HoconObject top => _trees.Merge(top, below, model.Place),
                HoconArray left => Append(left, ToArray(value, part, "an array"), model),
                _ => Append(ToArray(joined, before, "an array"), (HoconArray)value, model),
            };
        }
        return joined!;
    }

    private HoconArray Append(HoconArray left, HoconArray right, ConcatenationModel model)
    {
        _trees.Charge(right.Count, model.Origin, model.Place);
        return left.Append(right);
    }

    /// <summary>An array as it is, an object whose keys are numbers as an array.</summary>
    private static HoconArray ToArray(HoconValue value, ModelNode part, string other)
    {
        if (value is HoconArray array) return array;
        if (value is HoconObject obj && obj.TryToList(out var list))
            return new HoconArray(value.Origin, list, list.Count, list.Max(v => v.Height) + 1);
        throw CannotJoin(part, value, other);
    }

    private static HoconException CannotJoin(ModelNode part, HoconValue value, string other)
    {
        if (part is SubstitutionModel { Self: not null })
        {
            var found = $"+= appends to an array, but the value so far is {value.Describe()} (from {value.Origin})";
            return new HoconException(part.Origin, Place.Name(part.Place), $"{found}; make that an array, or write = to replace it");
        }
        var what = part is SubstitutionModel substitution ? $"{Show(substitution)} is {value.Describe()} (from {value.Origin})" : value.Describe();
        return new HoconException(part.Origin, Place.Name(part.Place), $"{what} and {other} cannot be joined into one value; make both the same kind");
    }
}

using System.Runtime.CompilerServices;

namespace Ouroboros.Hocon;

/// <summary>
/// Makes and merges values, and counts what it makes. While a document is resolved values are shared (the target of a substitution
/// is not copied); <see cref="Materialise"/> then copies the whole into a tree whose nodes know their place.
/// </summary>
internal sealed class TreeBuilder(HoconOptions options)
{
    private const int CharactersPerStep = 16;

    private long _steps;

    public HoconOptions Options { get; } = options;

    /// <summary>Counts work; a document that multiplies itself by substitution ends here.</summary>
    public void Charge(long steps, HoconOrigin origin, Place? place)
    {
        _steps += steps;
        if (_steps > Options.MaxResolutionSteps)
        {
            throw new HoconException(
                origin, Place.Name(place), $"the document takes more than {Options.MaxResolutionSteps} steps to resolve; it multiplies values by substitution: use fewer, or raise HoconOptions.MaxResolutionSteps");
        }
    }

    public void ChargeText(long characters, HoconOrigin origin, Place? place) => Charge(1 + (characters / CharactersPerStep), origin, place);

    public void CheckHeight(HoconValue value, Place? place)
    {
        if (value.Height > Options.MaxDepth + 1) throw TooDeep(value.Origin, Place.Name(place));
    }

    /// <summary>Object over object; anything else on top hides what is below, and remembers that it did.</summary>
    public HoconObject Merge(HoconObject top, HoconObject below, Place? place = null)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw TooDeep(top.Origin, Place.Name(place));
        if (top.HidesFallbacks) return top;
        Charge(1 + top.Count + below.Count, top.Origin, place);
        var merged = new HoconObject(top.Origin) { HidesFallbacks = below.HidesFallbacks };
        foreach (var slot in below.Slots) merged.Set(slot.Key, slot.Value, slot.KeyOrigin);
        foreach (var slot in top.Slots)
        {
            var value = slot.Value;
            if (merged.TryGetKey(slot.Key, out var lower))
            {
                value = value is HoconObject upperObject
                    ? lower is HoconObject lowerObject ? Merge(upperObject, lowerObject, place) : Hiding(upperObject)
                    : value;
            }
            merged.Set(slot.Key, value, slot.KeyOrigin);
        }
        return merged;
    }

    /// <summary>The same object, with the mark that it lies on something that is not an object.</summary>
    public HoconObject Hiding(HoconObject obj)
    {
        if (obj.HidesFallbacks) return obj;
        var copy = new HoconObject(obj.Origin) { HidesFallbacks = true };
        Charge(1 + obj.Count, obj.Origin, null);
        foreach (var slot in obj.Slots) copy.Set(slot.Key, slot.Value, slot.KeyOrigin);
        return copy;
    }

    /// <summary>A copy whose nodes know their parents.</summary>
    public HoconValue Materialise(HoconValue value, HoconValue? parent, string? key, int index)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw TooDeep(value.Origin, parent?.Path ?? "");
        Charge(1, value.Origin, null);
        switch (value)
        {
            case HoconScalar scalar:
                return new HoconScalar(scalar.Origin, scalar.Text, scalar.IsQuoted, parent, key, index);
            case HoconArray array:
                var items = new HoconArray(array.Origin, parent, key, index);
                for (var i = 0; i < array.Count; i++) items.Add(Materialise(array[i], items, null, i));
                return items;
            case HoconObject obj:
                var copy = new HoconObject(obj.Origin, parent, key, index) { HidesFallbacks = obj.HidesFallbacks };
                foreach (var slot in obj.Slots) copy.Set(slot.Key, Materialise(slot.Value, copy, slot.Key, 0), slot.KeyOrigin);
                return copy;
            default:
                throw new InvalidOperationException($"No copy of {value.GetType().Name}.");
        }
    }

    private HoconException TooDeep(HoconOrigin origin, string path) =>
        new(origin, path, $"nested deeper than {Options.MaxDepth} levels after substitution; flatten it, or raise HoconOptions.MaxDepth");
}

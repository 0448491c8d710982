namespace Ouroboros.Hocon;

/// <summary>Merges syntax trees into one model: fallbacks first, each later tree on top, exactly like duplicate keys of one file.</summary>
internal sealed class ModelBuilder
{
    public ObjectModel Root { get; } = new(null, new HoconOrigin("<empty>"), null);

    public void Add(SyntaxObject document)
    {
        Root.Origin = document.Origin;
        AddMembers(Root, document, null);
    }

    private void AddMembers(ObjectModel target, SyntaxObject syntax, Scope? scope)
    {
        foreach (var member in syntax.Members)
        {
            if (member.IsInclude)
            {
                AddMembers(target, (SyntaxObject)member.Value, new Scope(target, scope));
                continue;
            }
            var at = target;
            FieldStack field;
            for (var i = 0; ; i++)
            {
                field = FieldOf(at, member.Path[i], member.KeyOrigin);
                if (i == member.Path.Count - 1) break;
                at = ObjectOnTop(field, member.KeyOrigin);
            }
            Assign(field, member.Value, member.Append, scope);
        }
    }

    private static FieldStack FieldOf(ObjectModel owner, string key, HoconOrigin keyOrigin)
    {
        if (!owner.Fields.TryGetValue(key, out var field)) owner.Fields.Add(key, field = new FieldStack(owner, key, new Place(owner.Place, key, 0)));
        field.KeyOrigin = keyOrigin;
        return field;
    }

    private static ObjectModel ObjectOnTop(FieldStack field, HoconOrigin origin)
    {
        if (field.Entries.Count > 0 && field.Entries[^1].Node is ObjectModel top)
        {
            top.Origin = origin;
            return top;
        }
        return PushObject(field, origin);
    }

    private static ObjectModel PushObject(FieldStack field, HoconOrigin origin)
    {
        var pushed = new ObjectModel(field, origin, field.Place);
        field.Entries.Add(new Assignment(pushed, field.Entries.Count, false, false));
        return pushed;
    }

    private void Assign(FieldStack field, SyntaxNode value, bool append, Scope? scope)
    {
        if (append)
        {
            var list = new ConcatenationModel(value.Origin, field.Place);
            list.Parts.Add(new SubstitutionModel(new SyntaxSubstitution(value.Origin, [field.Key], true, false), null, field, field.Place));
            var added = new ArrayModel(value.Origin, field.Place);
            added.Items.Add(Build(value, scope, new Place(field.Place, null, 0)));
            list.Parts.Add(added);
            Push(field, list, true);
            return;
        }
        switch (value)
        {
            case SyntaxObject obj:
                AddMembers(ObjectOnTop(field, obj.Origin), obj, scope);
                break;
            case SyntaxConcatenation parts when IsObjectConcatenation(parts):
                AssignObjects(field, parts, scope);
                break;
            case SyntaxSubstitution or SyntaxConcatenation:
                Push(field, Build(value, scope, field.Place), MentionsSelf(field, value, scope));
                break;
            default:
                // Neither an object nor anything that could become one: what was there before can never show again.
                field.Entries.Clear();
                Push(field, Build(value, scope, field.Place), false);
                break;
        }
    }

    private static void Push(FieldStack field, ModelNode node, bool selfReference) =>
        field.Entries.Add(new Assignment(node, field.Entries.Count, false, selfReference));

    /// <summary>
    /// Objects and substitutions that are joined become entries of their own: a path into one of the objects can then be looked up
    /// without resolving the substitutions beside it, which may refer to that very path.
    /// </summary>
    private void AssignObjects(FieldStack field, SyntaxConcatenation concatenation, Scope? scope)
    {
        var below = field.Entries.Count;
        foreach (var part in concatenation.Parts)
        {
            if (part is SyntaxObject obj)
            {
                var onTop = field.Entries.Count > below ? ObjectOnTop(field, obj.Origin) : PushObject(field, obj.Origin);
                AddMembers(onTop, obj, scope);
            }
            else
            {
                field.Entries.Add(new Assignment(Build(part, scope, field.Place), below, true, MentionsSelf(field, part, scope)));
            }
        }
    }

    private static bool IsObjectConcatenation(SyntaxConcatenation concatenation) =>
        concatenation.Parts.Exists(p => p is SyntaxObject) && concatenation.Parts.TrueForAll(p => p is SyntaxObject or SyntaxSubstitution);

    private bool MentionsSelf(FieldStack field, SyntaxNode node, Scope? scope)
    {
        switch (node)
        {
            case SyntaxSubstitution s when s.Path[^1] == field.Key:
                var (anchor, path) = field.Locate();
                if (anchor == Root && path.SequenceEqual(s.Path)) return true;
                for (; scope is not null; scope = scope.Outer)
                {
                    var (outer, prefix) = scope.Root.Owner?.Locate() ?? (scope.Root, []);
                    if (outer == anchor && prefix.Count + s.Path.Count == path.Count && prefix.Concat(s.Path).SequenceEqual(path)) return true;
                }
                return false;
            case SyntaxConcatenation c:
                return c.Parts.Exists(p => p is SyntaxSubstitution && MentionsSelf(field, p, scope));
            default:
                return false;
        }
    }

    private ModelNode Build(SyntaxNode node, Scope? scope, Place? place)
    {
        switch (node)
        {
            case SyntaxScalar scalar:
                return new ScalarModel(new HoconScalar(scalar.Origin, scalar.Text, scalar.Quoted), place, scalar.IsSpace);
            case SyntaxSubstitution substitution:
                return new SubstitutionModel(substitution, scope, null, place);
            case SyntaxObject obj:
                var model = new ObjectModel(null, obj.Origin, place);
                AddMembers(model, obj, scope);
                return model;
            case SyntaxArray array:
                var items = new ArrayModel(array.Origin, place);
                foreach (var item in array.Items) items.Items.Add(Build(item, scope, new Place(place, null, items.Items.Count)));
                return items;
            case SyntaxConcatenation concatenation:
                var parts = new ConcatenationModel(concatenation.Origin, place);
                foreach (var part in concatenation.Parts) parts.Parts.Add(Build(part, scope, place));
                return parts;
            default:
                throw new InvalidOperationException($"No model for {node.GetType().Name}.");
        }
    }
}

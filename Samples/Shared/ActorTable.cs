using Ouroboros.Runtime.Inspection;

namespace Ouroboros.Samples;

/// <summary>The live actors as an indented tree: path, type, state, mailbox depth, restarts, last failure.</summary>
public static class ActorTable
{
    /// <summary>Prints it, followed by an empty line.</summary>
    public static void Write(TextWriter output, ActorNode root)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(root);
        var rows = Rows(root, 0).ToList();
        var path = Math.Max(4, rows.Max(r => r.Label.Length));
        var type = Math.Max(4, rows.Max(r => r.Actor.Type.Length));
        output.WriteLine($"{"path".PadRight(path)}  {"type".PadRight(type)}  state      mailbox  restarts");
        foreach (var (label, actor) in rows)
        {
            var failure = actor.LastFailure is { } last ? $"  {last}" : "";
            output.WriteLine($"{label.PadRight(path)}  {actor.Type.PadRight(type)}  {actor.State,-9}  {actor.MailboxDepth,7}  {actor.Restarts,8}{failure}");
        }
        output.WriteLine();
    }

    private static IEnumerable<(string Label, ActorNode Actor)> Rows(ActorNode actor, int depth)
    {
        yield return (depth == 0 ? actor.Path : $"{new string(' ', depth * 2)}/{actor.Name}", actor);
        foreach (var row in actor.Children.SelectMany(child => Rows(child, depth + 1))) yield return row;
    }
}

using System.Text;

namespace Ouroboros.Runtime.Actors;

/// <summary>Names of actors made from names that people chose: what an actor path cannot hold is percent-encoded.</summary>
internal static class ActorNames
{
    /// <summary>An actor name for <paramref name="name"/>, different for different names.</summary>
    public static string Encode(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            var c = (char)b;
            // A leading '$' is the actor system's own.
            if (char.IsAsciiLetterOrDigit(c) || (c is '-' or '_' or '.')) text.Append(c);
            else text.Append('%').Append(b.ToString("X2", null));
        }
        return text.ToString();
    }
}

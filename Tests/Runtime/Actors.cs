namespace Ouroboros.Tests.Runtime;

/// <summary>What tests look for in the tree of actors.</summary>
internal static class Actors
{
    /// <summary>Handshakes that have a saga.</summary>
    public static int Handshakes(this OuroborosRuntime node) => node.Sagas().Count;

    /// <summary>Paths of the sagas that live.</summary>
    public static IReadOnlyList<string> Sagas(this OuroborosRuntime node) =>
        [.. node.Inspect().All.Where(a => a.Path.StartsWith("/user/irmd/oap/", StringComparison.Ordinal) && a.State != "failed").Select(a => a.Path)];
}

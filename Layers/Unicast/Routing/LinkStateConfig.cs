namespace Ouroboros.Layers.Unicast.Routing;

/// <summary>Parameters of link-state routing, the same for all members of a layer (layer-management.md 4.2).</summary>
/// <param name="Policy">0 link state, 1 with loop-free alternates, 2 with equal-cost multipath.</param>
/// <param name="Recalculate">Longest time between a change and the routes that follow from it; whole seconds.</param>
/// <param name="Update">Between two announcements of a link; whole seconds.</param>
/// <param name="Timeout">Without news of a link until it counts as gone; whole seconds.</param>
public sealed record LinkStateConfig(int Policy, TimeSpan Recalculate, TimeSpan Update, TimeSpan Timeout);

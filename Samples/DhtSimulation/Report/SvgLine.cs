namespace Ouroboros.Samples.DhtSimulation.Report;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Written at its end.</param>
/// <param name="Colour">As SVG has it.</param>
/// <param name="Points">Left to right; where <c>High</c> is above <c>Low</c>, the range between them is shaded.</param>
internal sealed record SvgLine(string Name, string Colour, IReadOnlyList<(double X, double Y, double Low, double High)> Points);

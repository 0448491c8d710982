namespace Ouroboros.Samples.DhtSimulation.Report;

/// <summary>One chart.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="X">Axis to the right.</param>
/// <param name="Y">Axis upwards.</param>
internal sealed record SvgPanel(string Title, SvgAxis X, SvgAxis Y)
{
    /// <summary>What is drawn.</summary>
    public List<SvgLine> Lines { get; } = [];

    /// <summary>A value to be above or below of.</summary>
    public (double Value, string Label)? Bar { get; init; }
}

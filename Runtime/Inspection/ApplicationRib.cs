using System.Globalization;
using Ouroboros.Layers.Flow;
using Ouroboros.Layers.Rib;

namespace Ouroboros.Runtime.Inspection;

/// <summary>An application in the RIB: its ordered flows by descriptor. Nothing is kept, the table of descriptors is looked at.</summary>
internal sealed class ApplicationRib(int processId) : IRibMount
{
    /// <summary>Name of the mount, with the number that the runtime gave where the reference has a pid.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"proc.{processId}");

    /// <summary>Whose flows they are.</summary>
    public Application? Application { private get; set; }

    public IReadOnlyList<string> Components =>
        [.. (Application?.Flows ?? []).Where(f => f.Statistics is not null).Select(f => f.Descriptor.ToString(CultureInfo.InvariantCulture))];

    public IRibComponent? Find(string component) =>
        int.TryParse(component, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Application?.FindFlow(number) is { } flow
            ? FlowRib.Of(flow.Endpoint)
            : null;
}

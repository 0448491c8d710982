namespace Ouroboros.Layers.Unicast.Connections;

/// <summary>Components of a layer member as connection establishment names them (layer-management.md section 1).</summary>
public static class ComponentNames
{
    /// <summary>Packets of the layer.</summary>
    public const string DataTransfer = "Data Transfer";

    /// <summary>Link-state messages.</summary>
    public const string Management = "Management";

    /// <summary>Joining the layer.</summary>
    public const string Enrolment = "Enrollment";
}

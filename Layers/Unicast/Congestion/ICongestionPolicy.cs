namespace Ouroboros.Layers.Unicast.Congestion;

/// <summary>How a layer avoids congestion: what packets are marked with, and what a flow makes of marks. Stateless.</summary>
public interface ICongestionPolicy
{
    /// <summary>Its number in a layer's configuration.</summary>
    int Number { get; }

    /// <summary>Its name in HOCON and on the command line.</summary>
    string Name { get; }

    /// <summary>Whether <see cref="Mark"/> is to be asked at all.</summary>
    bool Marks { get; }

    /// <summary>Marks a packet that is about to be queued.</summary>
    /// <param name="ecn">The marks that it has.</param>
    /// <param name="queued">Packets before it that are congestion, see <see cref="StandingQueue"/>; the reference takes all that wait.</param>
    /// <returns>The marks that it gets.</returns>
    byte Mark(byte ecn, int queued);

    /// <summary>The state of a new flow; null when flows have none.</summary>
    /// <param name="now">Nanoseconds on the clock of the flow.</param>
    FlowCongestion? CreateFlow(long now);
}

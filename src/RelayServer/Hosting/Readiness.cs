namespace RelayServer.Hosting;

/// <summary>
/// Whether the process should be given work. Not before everything has started, and not from the moment that it is
/// asked to stop.
/// </summary>
/// <param name="parts">The parts that all must be ready.</param>
internal sealed class Readiness(IReadOnlyList<IRelayPart> parts)
{
    private const int Starting = 0;
    private const int Serving = 1;
    private const int Stopping = 2;

    private int _phase = Starting;

    /// <summary>Everything has started.</summary>
    public void Open() => Interlocked.CompareExchange(ref _phase, Serving, Starting);

    /// <summary>The process was asked to stop; it is never ready again.</summary>
    public void Close() => Volatile.Write(ref _phase, Stopping);

    /// <summary>Asks every part.</summary>
    public ReadinessReport Read()
    {
        string? phase = Volatile.Read(ref _phase) switch
        {
            Starting => "starting",
            Stopping => "stopping",
            _ => null,
        };
        PartReadiness[] states = [.. parts.Select(Ask)];
        return new ReadinessReport(phase is null && states.All(state => state.Ready), phase, states);
    }

    // Asked once: the answer may change between two questions.
    private static PartReadiness Ask(IRelayPart part)
    {
        string? reason = part.NotReadyReason;
        return new PartReadiness(part.Name, reason is null, reason);
    }
}

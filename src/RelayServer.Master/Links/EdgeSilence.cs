namespace RelayServer.Master.Links;

/// <summary>
/// Finds the edges that are silent while others are heard: they may be gone, long before they are forgotten. While the
/// master hears nobody, it is the master that is cut off, and nobody is called silent for that time.
/// </summary>
internal sealed class EdgeSilence(EdgeTable edges, MasterOptions options)
{
    // Every edge shows itself once a second.
    private const ulong HearingMilliseconds = 1500;

    // A master that stood still has heard nobody either.
    private const ulong StepMillisecondsMax = 500;

    private ulong _heardAtMilliseconds;
    private ulong _tickedAtMilliseconds;

    /// <summary>An edge has shown itself; true when it was silent until now.</summary>
    public bool Heard(EdgeLink link, ulong nowMilliseconds)
    {
        _heardAtMilliseconds = nowMilliseconds;
        bool wasSilent = link.IsSilent;
        link.IsSilent = false;
        link.SilentMilliseconds = 0;
        return wasSilent;
    }

    /// <summary>Several times a second: the edges that are silent from now on.</summary>
    public List<EdgeLink> Tick(ulong nowMilliseconds)
    {
        ulong step = Math.Min(StepMillisecondsMax, nowMilliseconds - _tickedAtMilliseconds);
        _tickedAtMilliseconds = nowMilliseconds;
        List<EdgeLink> silent = [];
        if (nowMilliseconds - _heardAtMilliseconds > HearingMilliseconds)
        {
            return silent;
        }

        foreach (EdgeLink link in edges.Links)
        {
            link.SilentMilliseconds += step;
            if (!link.IsSilent && link.SilentMilliseconds >= (ulong)options.PresenceTimeoutMilliseconds)
            {
                link.IsSilent = true;
                silent.Add(link);
            }
        }

        return silent;
    }
}

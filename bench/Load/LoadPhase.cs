namespace RelayServer.Bench.Load;

/// <summary>Which part of a run a message belongs to.</summary>
internal enum LoadPhase : byte
{
    /// <summary>Checked for loss, doubling and order like every other, but not timed.</summary>
    WarmUp = 0,

    /// <summary>Timed.</summary>
    Measured = 1,
}

namespace RelayServer.Rooms;

/// <summary>What <see cref="AutoSplit"/> has decided.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Groups">Of a split: into how many groups; else 0.</param>
public readonly record struct AutoSplitDecision(AutoSplitAction Action, int Groups = 0);

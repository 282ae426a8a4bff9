namespace RelayServer.Master.Services;

/// <summary>What one user has of the answers that are kept.</summary>
internal sealed class UserOutcomes
{
    /// <summary>Of his commands, the one that was answered first at the beginning.</summary>
    public Queue<CommandName> Names { get; } = new();

    public long Bytes { get; set; }
}

namespace RelayServer.Fabric;

/// <summary>Part of a log.</summary>
/// <param name="Entries">In log order.</param>
/// <param name="HasMore">True when the bound on bytes ended the read before the log did.</param>
public sealed record LogPage(IReadOnlyList<LogEntry> Entries, bool HasMore)
{
    /// <summary>A log, or the rest of one, without entries.</summary>
    public static LogPage Empty { get; } = new([], false);
}

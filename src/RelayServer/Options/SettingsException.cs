namespace RelayServer.Options;

/// <summary>Settings that cannot be used.</summary>
/// <param name="problems">What is wrong, a line each, every one naming its key and what is allowed.</param>
internal sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>What is wrong, a line each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

using RelayServer.Cli.Accounts;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Somebody who types one line, or nothing.</summary>
internal sealed class TypingConsole(string? line) : AccountConsole
{
    /// <summary>What was asked.</summary>
    public string Question { get; private set; } = string.Empty;

    public override Task<string?> ReadLineAsync(string question, CancellationToken cancellationToken)
    {
        Question = question;
        return Task.FromResult(line);
    }
}

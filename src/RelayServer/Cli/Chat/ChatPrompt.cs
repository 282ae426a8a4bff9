using System.Globalization;
using System.Text;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>What is typed at a terminal: lines to publish, and commands.</summary>
internal sealed class ChatPrompt(ChatTerminal terminal, RelayClient client, ChatPublisher publisher)
{
    private const char CommandSign = '/';
    private static readonly string[] Help =
    [
        "type a line and Enter to send it; // sends a line that begins with /",
        "/help shows this, /quit leaves, as Ctrl-D and Ctrl-C do",
    ];

    /// <summary>Publishes what is typed until the user leaves, then waits for the answers.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        terminal.Start();
        for (long number = 1; await terminal.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (line[0] != CommandSign || line.StartsWith("//", StringComparison.Ordinal))
            {
                await PublishAsync(number, line[0] == CommandSign ? line[1..] : line, cancellationToken);
            }
            else if (IsQuit(line))
            {
                break;
            }
        }

        await publisher.FinishAsync(cancellationToken);
    }

    private bool IsQuit(string command)
    {
        switch (command.Trim())
        {
            case "/quit":
                return true;
            case "/help":
                Array.ForEach(Help, terminal.PrintStatus);
                return false;
            default:
                terminal.PrintStatus($"there is no command {command.Trim()}; /help tells what there is");
                return false;
        }
    }

    private async ValueTask PublishAsync(long number, string text, CancellationToken cancellationToken)
    {
        byte[] line = Encoding.UTF8.GetBytes(text);
        if (line.Length > client.PayloadBytesMax)
        {
            terminal.PrintStatus(string.Create(
                CultureInfo.InvariantCulture, $"not sent: {line.Length} bytes, and the relay takes {client.PayloadBytesMax}"));
            return;
        }

        await publisher.PublishAsync(new InputLine(number, line), cancellationToken);
    }
}

using System.Globalization;
using System.Text;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>What is typed at a terminal: lines to publish, and commands.</summary>
internal sealed class ChatPrompt(ChatTerminal terminal, RelayClient client, ChatPublisher publisher, ChatCommands commands)
{
    // Lines are typed on while the relay answers; more than this are a paste.
    private const int CommandsUnderWayMax = 64;

    private readonly List<Task> _underWay = [];

    // The changes of the room that were typed so far.
    private Task _changes = Task.CompletedTask;

    /// <summary>Publishes what is typed until the user leaves, then waits for the answers.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        terminal.Start();
        try
        {
            for (long number = 1; await terminal.ReadLineAsync(cancellationToken) is { } line; number++)
            {
                ChatAction action = TypedLine.Read(line);
                if (action.Kind == ChatActionKind.Quit)
                {
                    break;
                }

                if (action.Kind == ChatActionKind.Say)
                {
                    await PublishAsync(number, action.Text, cancellationToken);
                }
                else
                {
                    Start(line, action, cancellationToken);
                }
            }

            await publisher.FinishAsync(cancellationToken);
        }
        finally
        {
            await Task.WhenAll(_underWay);
        }
    }

    private void Start(string line, ChatAction action, CancellationToken cancellationToken)
    {
        _underWay.RemoveAll(task => task.IsCompleted);
        if (_underWay.Count >= CommandsUnderWayMax)
        {
            terminal.PrintStatus($"not done: {line} ({CommandsUnderWayMax} commands wait for their answers already)");
            return;
        }

        bool isChange = action.Kind == ChatActionKind.Change;
        Task task = RunAsync(line, action, isChange ? Task.CompletedTask : _changes, cancellationToken);
        _underWay.Add(task);
        if (isChange)
        {
            _changes = Task.WhenAll(_changes, task);
        }
    }

    // Changes keep their order on the way. What asks takes another way, and may need what was changed before it: a service that was let in answers then.
    private async Task RunAsync(string line, ChatAction action, Task after, CancellationToken cancellationToken)
    {
        await after.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await commands.RunAsync(action, cancellationToken);
        }
        catch (ChatRefusalException e)
        {
            terminal.PrintStatus(e.Message);
        }
        catch (RelayException e)
        {
            terminal.PrintStatus(commands.Complain(line, action, e));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            terminal.PrintStatus($"{line}: it may or may not have been done");
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

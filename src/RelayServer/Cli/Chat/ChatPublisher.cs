using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>Publishes lines in order, many under way at once, and accounts for every one.</summary>
internal sealed class ChatPublisher(RelayClient client, string room, ChatCounts counts)
{
    // The client keeps to the relay's window; this bounds what waits here.
    private const int UnderWayMax = 4096;

    private readonly Queue<(long Line, Task<Position> Ack)> _underWay = new();

    /// <summary>Publishes everything up to the end of the input and waits for the acks.</summary>
    /// <exception cref="ChatFailureException">A line that cannot be published, or was refused; those before it are acked.</exception>
    public async Task PublishAllAsync(Stream input, CancellationToken cancellationToken)
    {
        var lines = new InputLineReader(input, client.PayloadBytesMax);
        string? problem = null;
        while (problem is null)
        {
            if (await lines.ReadAsync(cancellationToken) is not { } line)
            {
                break;
            }

            problem = line.Problem;
            if (problem is null)
            {
                await PublishAsync(line);
            }
        }

        await AwaitAcksAsync();
        if (problem is not null)
        {
            throw new ChatFailureException(ChatExitCode.Input, problem);
        }
    }

    /// <summary>Publishes one line; waits only when very many are under way.</summary>
    public async ValueTask PublishAsync(InputLine line)
    {
        if (_underWay.Count >= UnderWayMax)
        {
            await AwaitOldestAsync();
        }

        while (_underWay.TryPeek(out var oldest) && oldest.Ack.IsCompleted)
        {
            await AwaitOldestAsync();
        }

        _underWay.Enqueue((line.Number, client.PublishAsync(room, line.Bytes, MessageKind.Text).AsTask()));
        counts.Published++;
    }

    /// <summary>Waits until everything is acked.</summary>
    public async Task AwaitAcksAsync()
    {
        while (_underWay.Count > 0)
        {
            await AwaitOldestAsync();
        }
    }

    private async ValueTask AwaitOldestAsync()
    {
        (long line, Task<Position> ack) = _underWay.Dequeue();
        try
        {
            await ack;
            counts.Acked++;
        }
        catch (RelayException e)
        {
            throw new ChatFailureException(ChatExitCode.Refused, $"line {line} was refused: {e.Message}", e);
        }
    }
}

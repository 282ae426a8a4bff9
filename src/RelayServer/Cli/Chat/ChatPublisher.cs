using System.Globalization;
using System.Threading.Channels;
using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>
/// Publishes lines in order, many under way at once, and accounts for every one in that order as the answers come.
/// </summary>
internal sealed class ChatPublisher : IAsyncDisposable
{
    // The client keeps to the relay's window; this bounds what waits here.
    private const int UnderWayMax = 4096;

    private readonly Channel<(InputLine Line, Task<Position> Ack)> _underWay =
        Channel.CreateBounded<(InputLine, Task<Position>)>(new BoundedChannelOptions(UnderWayMax) { SingleReader = true });

    private readonly CancellationTokenSource _abandoned = new();
    private readonly RelayClient _client;
    private readonly string _room;
    private readonly ChatCounts _counts;
    private readonly Action<InputLine, RelayException>? _onRefused;
    private readonly ChatScript? _script;
    private readonly Task _accounting;

    /// <summary>Makes one and begins to wait for answers.</summary>
    /// <param name="client">Connected, and in the room.</param>
    /// <param name="room">The room.</param>
    /// <param name="counts">Where lines are counted; settled when this object is disposed.</param>
    /// <param name="onRefused">Takes a line that was given up, and why; null makes the first such line the end.</param>
    /// <param name="script">Does the commands among the lines of a stream; null when there are none.</param>
    public ChatPublisher(RelayClient client, string room, ChatCounts counts, Action<InputLine, RelayException>? onRefused, ChatScript? script = null)
    {
        _client = client;
        _room = room;
        _counts = counts;
        _onRefused = onRefused;
        _script = script;
        _accounting = AccountAsync();
    }

    /// <summary>Publishes everything up to the end of the input and waits for the acks.</summary>
    /// <exception cref="CommandFailureException">A line that cannot be published, or was refused; those before it are acked.</exception>
    public async Task PublishAllAsync(Stream input, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<string?> reading = ReadAllAsync(input, stop.Token);
        if (await Task.WhenAny(reading, _accounting) == _accounting)
        {
            // Accounting ends before the input only by a refusal.
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _accounting;
        }

        string? problem = await reading;
        await FinishAsync(cancellationToken);
        if (problem is not null)
        {
            throw new CommandFailureException(ClientExitCode.Input, problem);
        }
    }

    /// <summary>Publishes one line; waits only when very many are under way.</summary>
    public async ValueTask PublishAsync(InputLine line, CancellationToken cancellationToken)
    {
        await _underWay.Writer.WaitToWriteAsync(cancellationToken);
        Task<Position> ack = _client.PublishAsync(_room, line.Bytes, MessageKind.Text, CancellationToken.None).AsTask();
        _counts.Published++;

        // There is room: nobody else writes. Not cancellable, as the line is on its way.
        _underWay.Writer.TryWrite((line, ack));
    }

    /// <summary>Waits until every line is acked or given up. Nothing is published after this.</summary>
    public Task FinishAsync(CancellationToken cancellationToken)
    {
        _underWay.Writer.TryComplete();
        return _accounting.WaitAsync(cancellationToken);
    }

    /// <summary>Counts what is acked by now and waits for nothing else.</summary>
    public async ValueTask DisposeAsync()
    {
        _underWay.Writer.TryComplete();
        await _abandoned.CancelAsync();
        await _accounting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _abandoned.Dispose();
    }

    private async Task<string?> ReadAllAsync(Stream input, CancellationToken cancellationToken)
    {
        var lines = new InputLineReader(input, _client.PayloadBytesMax);
        while (_script?.HasQuit != true && await lines.ReadAsync(cancellationToken) is { } line)
        {
            InputLine? said = line.Problem is null && _script is not null ? await _script.TakeAsync(line, cancellationToken) : line;
            if (said?.Problem is { } problem)
            {
                return problem;
            }

            if (said is { } text)
            {
                await PublishAsync(text, cancellationToken);
            }
        }

        return null;
    }

    private async Task AccountAsync()
    {
        await foreach ((InputLine line, Task<Position> ack) in _underWay.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                // An ack that has come counts even when the others are abandoned: then this waits for nothing.
                await ack.WaitAsync(_abandoned.Token);
                _counts.Acked++;
            }
            catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
            {
            }
            catch (RelayException e)
            {
                _counts.Refused++;
                if (_onRefused is null)
                {
                    throw new CommandFailureException(
                        ClientExitCode.Refused,
                        string.Create(CultureInfo.InvariantCulture, $"line {line.Number} was refused: {ChatFormat.Refusal(e)}"),
                        e);
                }

                _onRefused(line, e);
            }
        }
    }
}

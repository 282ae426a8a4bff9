using System.Buffers;
using System.Globalization;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>Prints what is received.</summary>
internal sealed class ChatReceiver(
    RelaySubscription subscription, ChatOptions options, ChatConsole console, ChatTerminal? terminal, Action<string> status, ChatCounts counts)
{
    private const int FlushBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _output = new(FlushBytes);

    /// <summary>Prints until the count is reached, the subscription ends, or nobody reads the output any more.</summary>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task closed = console.OutputClosedAsync(stop.Token);
        Task printing = PrintAllAsync(stop);
        await Task.WhenAny(printing, closed);
        await stop.CancelAsync();
        await closed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await printing;
        }
        catch (OperationCanceledException) when (closed.IsCompletedSuccessfully)
        {
        }
        catch (IOException e) when (OutputPipe.IsClosed(e))
        {
        }
    }

    private async Task PrintAllAsync(CancellationTokenSource stop)
    {
        await using IAsyncEnumerator<RelayEvent> events = subscription.GetAsyncEnumerator(stop.Token);
        try
        {
            while (options.Count is not { } count || counts.Received < count)
            {
                Task<bool> next = events.MoveNextAsync().AsTask();
                if (_output.WrittenCount > 0 && (!next.IsCompleted || _output.WrittenCount >= FlushBytes))
                {
                    await FlushAsync(next, stop);
                }

                if (!await next)
                {
                    break;
                }

                Print(events.Current);
            }
        }
        finally
        {
            await FlushAsync();
        }
    }

    private void Print(RelayEvent next)
    {
        switch (next)
        {
            case RelayMessage message when IsShown(message):
                counts.Received++;
                Print(message);
                break;
            case RelayGap gap:
                counts.Gaps++;
                status(Describe(gap));
                break;
        }
    }

    // At a prompt the typed line was taken away: it comes back in its place among the others.
    private bool IsShown(RelayMessage message) => options.Echo || !message.IsOwn || console.IsInteractive;

    private void Print(RelayMessage message)
    {
        bool onScreen = terminal is not null && console.OutputIsTerminal;
        if (onScreen && !options.Json)
        {
            terminal!.PrintMessage(message);
            return;
        }

        if (options.Json)
        {
            ChatFormat.WriteJson(_output, message);
        }
        else
        {
            ChatFormat.WritePlain(_output, message);
        }

        if (onScreen)
        {
            terminal!.PrintLine(_output.WrittenSpan);
            _output.ResetWrittenCount();
        }
    }

    private static string Describe(RelayGap gap)
    {
        string what = gap.MessageCount is { } count
            ? string.Create(CultureInfo.InvariantCulture, $"{count} messages after {gap.After.Seq}")
            : string.Create(CultureInfo.InvariantCulture, $"an unknown number of messages around {gap.After.Seq}");
        string why = gap.Reason switch
        {
            GapReason.Trimmed => "they are older than what the relay keeps",
            GapReason.HistoryDiverged => "the relay's store lost the end of its log",
            GapReason.Skipped => "the room is faster than its delivery cap",
            _ => gap.Reason.ToString(),
        };
        return $"{gap.Channel}: missing {what}: {why}";
    }

    // Events cannot be disposed while the next one is waited for: that wait is ended first.
    private async ValueTask FlushAsync(Task next, CancellationTokenSource stop)
    {
        try
        {
            await FlushAsync();
        }
        catch (IOException)
        {
            await stop.CancelAsync();
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async ValueTask FlushAsync()
    {
        if (_output.WrittenCount == 0)
        {
            return;
        }

        try
        {
            await console.Output.WriteAsync(_output.WrittenMemory);
            await console.Output.FlushAsync();
        }
        finally
        {
            // What could not be written is not tried again on the way out.
            _output.ResetWrittenCount();
        }
    }
}

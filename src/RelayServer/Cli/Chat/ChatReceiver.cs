using System.Buffers;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>Prints what is received.</summary>
internal sealed class ChatReceiver(
    RelaySubscription subscription, ChatOptions options, ChatConsole console, ChatTerminal? terminal, Action<string> status, ChatCounts counts,
    string? user, RecentMessages recent)
{
    private const int FlushBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _output = new(FlushBytes);
    private readonly ChatPulse _pulse = new(console.Clock);
    private readonly RoomNews _news = new(
        user, options.Observe, () => subscription.Position, () => !subscription.HistoryRead.IsCompleted, console.Clock);

    private Task? _pulseWait;
    private DateTimeOffset _pulseDue;

    private bool IsOnScreen => terminal is not null && console.OutputIsTerminal;

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

                await ShowPulseAsync(next, stop.Token);
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
        if (next is RelayMessage message)
        {
            recent.Note(message);
            if (IsShown(message))
            {
                counts.Received++;
                Print(message);
            }

            return;
        }

        counts.Gaps += next is RelayGap ? 1 : 0;
        NotePulse(next);
        if (options.Json)
        {
            ChatJson.Write(_output, next);
            PrintLineOnScreen();
        }

        foreach (NewsLine line in _news.Take(next))
        {
            Tell(line, next);
        }
    }

    private void Tell(NewsLine line, RelayEvent next)
    {
        if (options.Json && next is not RelayGap)
        {
            return;
        }

        if (IsOnScreen && !options.Quiet)
        {
            terminal!.PrintNews(next is RelayEntry entry && next is not RelaySplit && _news.LabelOf(entry) is { } label
                ? line with { Text = $"[{label}] {line.Text}" }
                : line);
        }
        else if (line.Tone != NewsTone.Passing)
        {
            status(line.Text);
        }
    }

    private void NotePulse(RelayEvent next)
    {
        switch (next)
        {
            case RelayReactions reactions:
                _pulse.Take(reactions);
                break;
            case RelayCounts members:
                _pulse.Take(members.Total, members.Total > _news.NoticesMembersMax);
                break;
            case RelayRoomState state:
                _pulse.NoteShown(state.Status.MembersTotal);
                break;
        }
    }

    // Hearts that came while nothing else did are shown all the same, when their time is over.
    private async Task ShowPulseAsync(Task next, CancellationToken cancellationToken)
    {
        if (!IsOnScreen || options.Json || options.Quiet)
        {
            return;
        }

        do
        {
            if (_pulse.TryShow() is { } line)
            {
                terminal!.PrintNews(new NewsLine(line, NewsTone.Passing));
            }

            if (next.IsCompleted || _pulse.Wait is not { } wait)
            {
                return;
            }

            // Hearts wait less long than counts, so there may be a wait already that is too long for them.
            DateTimeOffset due = console.Clock.GetUtcNow() + wait;
            if (_pulseWait is not { IsCompleted: false } || due < _pulseDue)
            {
                (_pulseWait, _pulseDue) = (Task.Delay(wait, console.Clock, cancellationToken), due);
            }

            await Task.WhenAny(next, _pulseWait);
        }
        while (!next.IsCompleted && !cancellationToken.IsCancellationRequested);
    }

    // At a prompt the typed line was taken away: it comes back in its place among the others.
    private bool IsShown(RelayMessage message) =>
        (options.Echo || !message.IsOwn || console.IsInteractive) && (options.Json || !_news.IsRepeat(message));

    private void Print(RelayMessage message)
    {
        if (IsOnScreen && !options.Json)
        {
            terminal!.PrintMessage(message, _news.LabelOf(message));
            return;
        }

        if (options.Json)
        {
            ChatJson.Write(_output, message);
        }
        else
        {
            ChatFormat.WritePlain(_output, message);
        }

        PrintLineOnScreen();
    }

    private void PrintLineOnScreen()
    {
        if (IsOnScreen)
        {
            terminal!.PrintLine(_output.WrittenSpan);
            _output.ResetWrittenCount();
        }
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

using System.Buffers;
using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>Prints what is received.</summary>
/// <param name="subscription">The room.</param>
/// <param name="inbox">What is shown beside it; null for nothing.</param>
/// <param name="options">What was asked for.</param>
/// <param name="console">Where to.</param>
/// <param name="terminal">The terminal there; null for none.</param>
/// <param name="status">Takes a line of news where there is no screen.</param>
/// <param name="counts">Where messages are counted.</param>
/// <param name="user">Who reads.</param>
/// <param name="recent">Notes who said what last.</param>
/// <param name="services">Makes lines of what services tell.</param>
internal sealed class ChatReceiver(
    RelaySubscription subscription, RelaySubscription? inbox, ChatOptions options, ChatConsole console, ChatTerminal? terminal,
    Action<string> status, ChatCounts counts, string? user, RecentMessages recent, ServiceNews services)
{
    private const string InboxLabel = "inbox";
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
        IAsyncEnumerable<RelayEvent> source = inbox is null ? subscription : ChatEvents.MergeAsync(subscription, inbox, stop.Token);
        await using IAsyncEnumerator<RelayEvent> events = source.GetAsyncEnumerator(stop.Token);
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

                if (!options.Json)
                {
                    await services.PrepareAsync(events.Current, stop.Token);
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

        // An observer gets what a service tells the room from each part of it.
        bool isRepeat = next is RelayUpdate or RelayCommandDone && _news.IsRepeat((RelayEntry)next);
        foreach (NewsLine line in isRepeat ? [] : services.Take(next) ?? _news.Take(next))
        {
            Tell(line, next);
        }
    }

    private string? LabelOf(RelayEvent next) =>
        ServiceNews.IsOfInbox(next) ? InboxLabel
        : IsOnScreen && next is RelayEntry entry and not RelaySplit ? _news.LabelOf(entry) : null;

    private void Tell(NewsLine line, RelayEvent next)
    {
        if (options.Json && next is not RelayGap)
        {
            return;
        }

        line = !line.IsContinued && LabelOf(next) is { } label ? line with { Text = $"[{label}] {line.Text}" } : line;
        if (IsOnScreen && !options.Quiet)
        {
            terminal!.PrintNews(line);
        }
        else if (line.Tone != NewsTone.Passing)
        {
            status(line.Indented);
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

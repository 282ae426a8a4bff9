using System.Globalization;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;
using Spectre.Console;

namespace RelayServer.Cli.Chat;

/// <summary>One run of <c>relay chat</c>: connects, joins, publishes and prints, and says how it went.</summary>
internal sealed class ChatSession
{
    /// <summary>What a window that opens shows of the room; a pipe gets what is asked for and nothing else.</summary>
    public const int TerminalHistoryMessages = 20;

    private const string Agent = "relay-chat/0.1";

    private static readonly TimeSpan LastAnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly ChatOptions _options;
    private readonly ChatConsole _console;
    private readonly JoinFrom _from;
    private readonly ChatCounts _counts = new();
    private readonly ChatTerminal? _terminal;
    private readonly ConnectionNews _news;

    public ChatSession(ChatOptions options, ChatConsole console)
    {
        _options = options;
        _console = console;
        _from = options.From ?? (console.IsInteractive ? JoinFrom.Last(TerminalHistoryMessages) : JoinFrom.Live);
        _terminal = console.InputIsTerminal || console.OutputIsTerminal ? new ChatTerminal(Screen(console), console.InputIsTerminal) : null;
        _news = new ConnectionNews(Status);
    }

    // What is asked to print goes on without input, and ends when nobody reads what it prints.
    private bool Receives => _options.Count is not null || _options.Listen;

    /// <summary>Runs to the end; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int exitCode;
        try
        {
            exitCode = await ChatAsync(cancellationToken);
        }
        catch (CommandFailureException e)
        {
            exitCode = Fail(e.ExitCode, e.Message);
        }
        catch (RelayException e)
        {
            exitCode = Fail(ClientExitCode.Of(e), ConnectionAdvice.For(e));
        }
        catch (IOException e)
        {
            exitCode = Fail(ClientExitCode.Connection, e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            exitCode = Unanswered > 0 ? ClientExitCode.Interrupted : ExitCodeAtTheEnd();
        }

        _terminal?.End();
        TellTheEnd();
        return exitCode;
    }

    private long Unanswered => _counts.Published - _counts.Acked - _counts.Refused;

    private async Task<int> ChatAsync(CancellationToken cancellationToken)
    {
        // A person wants to know that slow mode holds a line up; a program wants its line to go when it is its turn.
        // To a relay with services a line that begins with a slash is a command: in a pipe only to who wants that.
        RelayClientOptions options = _options.Connection.OptionsFor(Agent) with
        {
            RetryInSlowMode = !_console.InputIsTerminal,
            HasServices = _console.InputIsTerminal || _options.Commands,
        };
        await using var client = new RelayClient(options);
        client.StateChanged += (_, change) => _news.Take(change);
        await client.ConnectAsync(cancellationToken);
        client.SendRefused += (_, refusal) => Status($"{(refusal.Number == 0 ? "hearts " : string.Empty)}not sent: {refusal.Text}");
        RelaySubscription subscription = await JoinAsync(client, cancellationToken);
        RelaySubscription? inbox = _options.Inbox ? await JoinInboxAsync(client, cancellationToken) : null;
        if (_console.InputIsTerminal)
        {
            Status($"you are in {_options.Room}; /help tells what can be typed, Ctrl-D leaves");
        }

        var recent = new RecentMessages();
        var cards = new ShownCards();
        var menus = ServiceMenus.Of(client, _options.Room);
        var services = new ServiceNews(cards, menus, _console.Clock);
        var commands = new ChatCommands(
            client, subscription, recent, new ServiceCommands(client, _options.Room, cards, menus, services, Tell), Tell);
        var receiver = new ChatReceiver(
            subscription, inbox, _options, _console, _terminal, Status, _counts, client.UserId, recent, services);
        await using var publisher = new ChatPublisher(
            client,
            _options.Room,
            _counts,
            _console.InputIsTerminal ? (line, e) => TellRefused(line, ChatFormat.Refusal(e)) : null,
            _options.Commands ? new ChatScript(commands) : null);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task receiving = receiver.ReceiveAsync(stop.Token);
        Task publishing = _console.InputIsTerminal
            ? new ChatPrompt(_terminal!, client, publisher, commands).RunAsync(stop.Token)
            : publisher.PublishAllAsync(_console.Input, stop.Token);
        try
        {
            await UntilDoneAsync(receiving, publishing, subscription.HistoryRead);
        }
        catch (RelayException e) when (e is { Code: ErrorCode.Banned or ErrorCode.Kicked, RetryAfter.Ticks: 0 })
        {
            throw await WithHowLongAsync(client, e);
        }
        finally
        {
            await stop.CancelAsync();
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // The publishing side may have been stopped in the middle of its input; what it took is accounted for.
        await publisher.FinishAsync(cancellationToken);
        return ExitCodeAtTheEnd();
    }

    private async Task<RelaySubscription> JoinAsync(RelayClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.JoinAsync(_options.Room, _options.Observe ? _from.Observing() : _from, cancellationToken);
        }
        catch (RelayException e) when (_options.Observe && e.Code == ErrorCode.Forbidden)
        {
            throw new CommandFailureException(
                ClientExitCode.Refused, $"{e.Message}; --observe is for the room's moderators and hosts, and for operators (--role operator)", e);
        }
    }

    private async Task<RelaySubscription> JoinInboxAsync(RelayClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.JoinInboxAsync(_from, cancellationToken);
        }
        catch (RelayException e) when (e.Code is ErrorCode.BadChannelName or ErrorCode.UnsupportedVersion)
        {
            throw new CommandFailureException(ClientExitCode.Refused, "this relay has no inboxes: it does not know services", e);
        }
    }

    // Who is put out of the room is told so, but not for how long and why; a refusal says that, too.
    private async Task<RelayException> WithHowLongAsync(RelayClient client, RelayException e)
    {
        using var timeout = new CancellationTokenSource(LastAnswerTimeout, _console.Clock);
        try
        {
            await client.QueryStatusAsync(_options.Room, timeout.Token);
        }
        catch (RelayException refusal) when (refusal.Code == e.Code)
        {
            return refusal;
        }
        catch (Exception other) when (other is RelayException or OperationCanceledException)
        {
            // It goes without.
        }

        return e;
    }

    private async Task UntilDoneAsync(Task receiving, Task publishing, Task historyRead)
    {
        // The receiving side ends first by a failure, or when it has printed enough: as many as were to be printed, or
        // all that somebody reads. A pipe whose input is to be published publishes the rest of it all the same.
        Task first = await Task.WhenAny(receiving, publishing);
        await first;
        if (first == receiving && (Receives || _console.InputIsTerminal))
        {
            return;
        }

        await publishing;
        if (Receives)
        {
            await receiving;
        }
        else if (!_console.InputIsTerminal && _from != JoinFrom.Live)
        {
            await await Task.WhenAny(historyRead, receiving);
        }
    }

    private void Status(string text)
    {
        if (!_options.Quiet)
        {
            Tell(text);
        }
    }

    // The answer to a command: said even when quiet.
    private void Tell(string text)
    {
        if (_console.InputIsTerminal)
        {
            _terminal!.PrintStatus(text);
        }
        else
        {
            _console.Error.WriteLine($"relay chat: {TerminalText.Safe(text)}");
        }
    }

    private void Tell(NewsLine line)
    {
        if (_console.InputIsTerminal)
        {
            _terminal!.PrintNews(line);
        }
        else
        {
            Tell(line.Indented);
        }
    }

    // An error, so said even when quiet.
    private void TellRefused(InputLine line, string reason) =>
        _terminal!.PrintStatus($"not sent: {ChatFormat.Quote(line)} ({reason})");

    private void TellTheEnd()
    {
        if (_options.Quiet || !_news.WasConnected)
        {
            return;
        }

        // Who sat at the prompt has seen it all, but for this.
        if (!_console.IsInteractive)
        {
            _console.Error.WriteLine(_counts.ToString());
        }
        else if (Unanswered > 0)
        {
            _terminal!.PrintStatus(string.Create(
                CultureInfo.InvariantCulture, $"lines that the relay has not confirmed: {Unanswered}; they may or may not have arrived"));
        }
    }

    private int ExitCodeAtTheEnd() => _counts.Refused > 0 ? ClientExitCode.Refused : ClientExitCode.Done;

    private int Fail(int exitCode, string message)
    {
        _terminal?.End();
        _console.Error.WriteLine($"relay chat: {TerminalText.Safe(message)}");
        return exitCode;
    }

    // The prompt goes to the terminal even when the output is a file: then by way of the error output.
    private static IAnsiConsole Screen(ChatConsole console) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(console.OutputIsTerminal ? Console.Out : console.Error),
    });
}

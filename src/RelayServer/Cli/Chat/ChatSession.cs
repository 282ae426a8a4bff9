using System.Globalization;
using System.Net.Security;
using RelayServer.Client;
using RelayServer.Protocol;
using Spectre.Console;

namespace RelayServer.Cli.Chat;

/// <summary>One run of <c>relay chat</c>: connects, joins, publishes and prints, and says how it went.</summary>
internal sealed class ChatSession(ChatOptions options, ChatConsole console)
{
    /// <summary>What a window that opens shows of the room; a pipe gets what is asked for and nothing else.</summary>
    public const int TerminalHistoryMessages = 20;

    private const string Agent = "relay-chat/0.1";

    private readonly JoinFrom _from =
        options.From ?? (console.InputIsTerminal && console.OutputIsTerminal ? JoinFrom.Last(TerminalHistoryMessages) : JoinFrom.Live);

    private readonly ChatCounts _counts = new();
    private readonly ChatTerminal? _terminal =
        console.InputIsTerminal || console.OutputIsTerminal ? new ChatTerminal(Screen(console), console.InputIsTerminal) : null;

    private bool _wasConnected;

    /// <summary>Runs to the end; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int exitCode;
        try
        {
            exitCode = await ChatAsync(cancellationToken);
        }
        catch (ChatFailureException e)
        {
            exitCode = Fail(e.ExitCode, e.Message);
        }
        catch (RelayException e)
        {
            exitCode = Fail(ExitCodeOf(e), e.Message);
        }
        catch (IOException e)
        {
            // Whoever read our output has seen enough, as with `| head`.
            exitCode = e.Message.Contains("pipe", StringComparison.OrdinalIgnoreCase)
                ? ChatExitCode.Done
                : Fail(ChatExitCode.Connection, e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            exitCode = _counts.Acked + _counts.Refused < _counts.Published ? ChatExitCode.Interrupted : ExitCodeAtTheEnd();
        }

        _terminal?.End();
        if (!options.Quiet && _wasConnected)
        {
            await console.Error.WriteLineAsync(_counts.ToString());
        }

        return exitCode;
    }

    private async Task<int> ChatAsync(CancellationToken cancellationToken)
    {
        await using var client = new RelayClient(new RelayClientOptions
        {
            Endpoints = options.Edges,
            TokenProvider = options.TokenProvider,
            Agent = Agent,
            Tls = options.Tls ? endpoint => new SslClientAuthenticationOptions { TargetHost = endpoint.Host } : null,
        });
        client.StateChanged += (_, change) => Report(change);
        await client.ConnectAsync(cancellationToken);
        _wasConnected = true;
        RelaySubscription subscription = await client.JoinAsync(options.Room, _from, cancellationToken);
        var receiver = new ChatReceiver(subscription, options, console, _terminal, Status, _counts);
        await using var publisher = new ChatPublisher(client, options.Room, _counts, console.InputIsTerminal ? TellRefused : null);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task receiving = receiver.ReceiveAsync(stop.Token);
        Task publishing = PublishAsync(client, publisher, subscription, stop.Token);
        try
        {
            await UntilDoneAsync(receiving, publishing);
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

    private async Task UntilDoneAsync(Task receiving, Task publishing)
    {
        Task first = await Task.WhenAny(receiving, publishing);
        await first;
        if (first == publishing && (options.Count is not null || options.Listen))
        {
            await receiving;
        }
    }

    private async Task PublishAsync(RelayClient client, ChatPublisher publisher, RelaySubscription subscription, CancellationToken cancellationToken)
    {
        if (console.InputIsTerminal)
        {
            await PublishTypedAsync(client, publisher, cancellationToken);
        }
        else
        {
            await publisher.PublishAllAsync(console.Input, cancellationToken);
        }

        if (options.Count is null && !options.Listen && !console.InputIsTerminal && _from != JoinFrom.Live)
        {
            await subscription.HistoryRead.WaitAsync(cancellationToken);
        }
    }

    private async Task PublishTypedAsync(RelayClient client, ChatPublisher publisher, CancellationToken cancellationToken)
    {
        _terminal!.Start();
        for (long number = 1; await _terminal.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (line.Length > client.PayloadBytesMax)
            {
                _terminal.PrintStatus($"not sent: longer than {client.PayloadBytesMax} bytes");
                continue;
            }

            await publisher.PublishAsync(new InputLine(number, line), cancellationToken);
        }

        await publisher.FinishAsync(cancellationToken);
    }

    private void Report(RelayStateChange change)
    {
        switch (change)
        {
            case { State: RelayClientState.Connected }:
                Status($"connected to {change.Endpoint} as {change.UserId}");
                break;
            case { State: RelayClientState.Waiting, RetryIn: { } retryIn }:
                Status(string.Create(
                    CultureInfo.InvariantCulture, $"not connected: {change.Error?.Message}; next attempt in {retryIn.TotalSeconds:0.0} s"));
                break;
        }
    }

    private void Status(string text)
    {
        if (options.Quiet)
        {
            return;
        }

        if (_terminal is not null && console.InputIsTerminal)
        {
            _terminal.PrintStatus(text);
        }
        else
        {
            console.Error.WriteLine($"relay chat: {text}");
        }
    }

    // An error, so said even when quiet.
    private void TellRefused(InputLine line, string reason) =>
        _terminal!.PrintStatus($"not sent: {ChatFormat.Quote(line)} ({reason})");

    private int ExitCodeAtTheEnd() => _counts.Refused > 0 ? ChatExitCode.Refused : ChatExitCode.Done;

    private int Fail(int exitCode, string message)
    {
        _terminal?.End();
        console.Error.WriteLine($"relay chat: {ChatFormat.ForTerminal(message)}");
        return exitCode;
    }

    private static int ExitCodeOf(RelayException e) => e.Family switch
    {
        ErrorFamily.SignInAgain => ChatExitCode.Token,
        ErrorFamily.Final => ChatExitCode.Refused,
        _ => ChatExitCode.Connection,
    };

    // The prompt goes to the terminal even when the output is a file: then by way of the error output.
    private static IAnsiConsole Screen(ChatConsole console) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(console.OutputIsTerminal ? Console.Out : console.Error),
    });
}

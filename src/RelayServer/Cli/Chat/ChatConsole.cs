using Microsoft.Win32.SafeHandles;

namespace RelayServer.Cli.Chat;

/// <summary>Where a chat reads and writes; a test gives its own.</summary>
internal sealed record ChatConsole
{
    private const nint StandardOutput = 1;

    public required Stream Input { get; init; }

    public required Stream Output { get; init; }

    public required TextWriter Error { get; init; }

    public required bool InputIsTerminal { get; init; }

    public required bool OutputIsTerminal { get; init; }

    /// <summary>What time it is, and how long is waited.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Both ends are a terminal: lines are typed and shown in the same place.</summary>
    public bool IsInteractive => InputIsTerminal && OutputIsTerminal;

    /// <summary>Completes when nobody reads the output any more, as after <c>| head</c>.</summary>
    public Func<CancellationToken, Task> OutputClosedAsync { get; init; } = NeverAsync;

    public static ChatConsole System() => new()
    {
        Input = Console.OpenStandardInput(),
        Output = OpenOutput(),
        Error = Console.Error,
        InputIsTerminal = !Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
        OutputClosedAsync = OperatingSystem.IsWindows() || !Console.IsOutputRedirected ? NeverAsync : OutputPipe.WhenClosedAsync,
    };

    // The console's own stream drops what it cannot write to a pipe that nobody reads any more, without a word. A pipe
    // is therefore written to directly; a file is not, because its position is shared with whoever else writes to it.
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        var direct = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return direct.CanSeek ? Console.OpenStandardOutput() : direct;
    }

    private static Task NeverAsync(CancellationToken cancellationToken) =>
        new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously).Task.WaitAsync(cancellationToken);
}

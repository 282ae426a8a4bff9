using System.Diagnostics;
using System.Text;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>A command line at a pseudo-terminal of its own, which the program <c>script</c> makes.</summary>
internal sealed class TerminalProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly SemaphoreSlim _news = new(0);
    private readonly Lock _gate = new();
    private readonly StringBuilder _written = new();

    private TerminalProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>What was written to the terminal so far.</summary>
    public string Written
    {
        get
        {
            lock (_gate)
            {
                return _written.ToString();
            }
        }
    }

    /// <summary>Runs a shell's command line.</summary>
    /// <param name="commands">What to run.</param>
    /// <param name="environment">Variables to set.</param>
    public static TerminalProcess Start(string commands, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(
            RequiredProgram.Find("script"), ["-q", "-f", "-c", $"stty cols {TerminalScreen.Columns} rows 24; {commands}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("NO_COLOR");
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new TerminalProcess(Process.Start(start)!);
    }

    /// <summary>Presses keys.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the screen shows something.</summary>
    public async Task<TerminalScreen> UntilAsync(Func<TerminalScreen, bool> isShown)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        while (true)
        {
            bool ended = _reading.IsCompleted;
            TerminalScreen screen = TerminalScreen.Of(Written);
            if (isShown(screen))
            {
                return screen;
            }

            Assert.False(ended, $"the program ended; the terminal shows\n{string.Join('\n', screen.Rows)}");
            try
            {
                await _news.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not shown in time; the terminal shows\n{string.Join('\n', screen.Rows)}\n{Written}");
            }
        }
    }

    /// <summary>Waits until a row ends with a text, and the prompt is below, which is taken away while something is written above it.</summary>
    public Task<TerminalScreen> UntilRowAsync(string end) =>
        UntilAsync(screen => screen.Rows[^1].Length > 0 && screen.Rows.Any(row => row.EndsWith(end, StringComparison.Ordinal)));

    /// <summary>Waits until everything has ended.</summary>
    public async Task<TerminalScreen> UntilEndAsync()
    {
        await _reading.WaitAsync(Patience);
        return TerminalScreen.Of(Written);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
        _news.Dispose();
    }

    private async Task ReadAsync()
    {
        char[] buffer = new char[4096];
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_gate)
            {
                _written.Append(buffer, 0, read);
            }

            _news.Release();
        }

        _news.Release();
    }
}

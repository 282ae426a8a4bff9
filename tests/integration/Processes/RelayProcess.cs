using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>The relay executable as its users run it: a process of its own, ended by the test at the latest.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process _process;
    private readonly Task _reading;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _news = new(0);

    private RelayProcess(Process process, bool keepOutput)
    {
        _process = process;
        Task errors = ReadAsync(process.StandardError);
        _reading = keepOutput ? Task.WhenAll(errors, ReadAsync(process.StandardOutput)) : errors;
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>What was printed so far, line by line; errors only where the output is the test's own to read.</summary>
    public string Printed => string.Join('\n', _lines);

    public StreamWriter Input => _process.StandardInput;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts <c>relay</c> with arguments, its printed lines kept.</summary>
    public static RelayProcess Start(params string[] arguments) => Start(keepOutput: true, arguments, []);

    /// <summary>The same with some variables of its environment set, or, where null, not there.</summary>
    public static RelayProcess StartWith((string Name, string? Value)[] environment, params string[] arguments) =>
        Start(keepOutput: true, arguments, environment);

    /// <summary>Starts <c>relay</c> with arguments; standard output is left for the test to read.</summary>
    public static RelayProcess StartPiped(params string[] arguments) => Start(keepOutput: false, arguments, []);

    /// <summary>Waits for a printed line that matches, and returns the first group of the match.</summary>
    public async Task<string> WaitForAsync(string pattern, int occurrence = 1)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        while (true)
        {
            Match? match = _lines.Select(line => Regex.Match(line, pattern)).Where(found => found.Success).ElementAtOrDefault(occurrence - 1);
            if (match is not null)
            {
                return match.Groups[^1].Value;
            }

            try
            {
                Assert.False(_reading.IsCompleted, $"the process ended without printing {pattern}:\n{Printed}");
                await _news.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{pattern} was not printed:\n{Printed}");
            }
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the process did not end:\n{Printed}");
        }

        await _reading;
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>kill -STOP: it keeps its connections and does nothing.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>kill -CONT.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _news.Dispose();
    }

    private static RelayProcess Start(bool keepOutput, string[] arguments, (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "relay"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        return new RelayProcess(Process.Start(start)!, keepOutput);
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start(RequiredProgram.Find("kill"), [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            _news.Release();
        }

        _news.Release();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using RelayServer.Bench.Load.Native;

namespace RelayServer.Bench.Targets;

/// <summary>A server process that the run starts, listens to and ends.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int ErrorLinesKept = 20;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Its part in the run.</summary>
    public string Name { get; }

    /// <summary>For the report.</summary>
    public TargetProcess Target => new(Name, _process.Id);

    /// <summary>The last lines of its standard error.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(string name, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start) ?? throw new BenchException($"{program} could not be started.");
        return new ChildProcess(name, process);
    }

    /// <summary>Reads the standard output up to a line for which <paramref name="isLast"/> holds; returns what was read.</summary>
    public async Task<IReadOnlyList<string>> ReadOutputUntilAsync(Func<string, bool> isLast, TimeSpan timeout, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        while (lines.Count == 0 || !isLast(lines[^1]))
        {
            string? line;
            try
            {
                line = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(timeout, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw new BenchException($"{Name} was not ready within {timeout.TotalSeconds:0} s. {string.Join(" | ", _errors)}");
            }

            lines.Add(line ?? throw new BenchException($"{Name} ended before it was ready. {string.Join(" | ", _errors)}"));
        }

        // What it may still write must not fill the pipe.
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return lines;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Libc.Signal(_process.Id, Libc.SignalTerminate);
            using var timeout = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _errors.Enqueue(line);
        while (_errors.Count > ErrorLinesKept)
        {
            _errors.TryDequeue(out _);
        }
    }
}

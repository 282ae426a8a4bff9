using System.Net;
using System.Text.RegularExpressions;
using RelayServer.Cli;

namespace RelayServer.IntegrationTests.Host;

/// <summary>The command line of <c>relay</c>, serving inside this process on free ports.</summary>
internal sealed partial class RunningRelay : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly WaitingWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly Task<int> _run;

    private RunningRelay(string[] arguments)
    {
        _run = Task.Run(() => RelayCommandLine.RunAsync([.. arguments, "--http", "127.0.0.1:0", "--set", "Log:Level=Error"], _output, _error, _stopping.Token));
    }

    /// <summary>What the start screen says.</summary>
    public string Screen => _output.ToString();

    /// <summary>What was written to the standard error.</summary>
    public string Errors => _error.ToString();

    /// <summary>The HTTP listener.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>Starts it and waits for the start screen.</summary>
    public static async Task<RunningRelay> StartAsync(params string[] arguments)
    {
        var relay = new RunningRelay(arguments);
        Task shown = relay._output.WaitForAsync("Stop with").WaitAsync(Patience);
        if (await Task.WhenAny(shown, relay._run) == relay._run)
        {
            Assert.Fail($"ended with {await relay._run}: {relay.Errors}");
        }

        await shown;
        relay.Http.BaseAddress = new Uri(HttpLine().Match(relay.Screen).Groups[1].Value);
        return relay;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public Task ReadyAsync() => UntilAsync(HttpStatusCode.OK);

    /// <summary>Waits for an answer of <c>/readyz</c> with this status, and this text in it.</summary>
    public async Task<string> UntilAsync(HttpStatusCode status, string text = "")
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using HttpResponseMessage answer = await Http.GetAsync("/readyz", deadline.Token);
            string report = await answer.Content.ReadAsStringAsync(deadline.Token);
            if (answer.StatusCode == status && report.Contains(text, StringComparison.Ordinal))
            {
                return report;
            }

            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>Asks it to stop, as a signal does.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Its exit code, once it has ended.</summary>
    public Task<int> ExitAsync() => _run.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(Patience);
        Http.Dispose();
        _stopping.Dispose();
    }

    [GeneratedRegex(@"http +(http://\S+)")]
    private static partial Regex HttpLine();
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>A real Prometheus on a free loopback port that scrapes one address every second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly Process _process;
    private readonly Uri _address;

    private PrometheusServer(string target)
    {
        // Prometheus does not print the port that it takes for port 0, so one is found for it.
        int port = RedisServer.FindFreePort();
        _address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        string configuration = _folder.File("prometheus.yml");
        File.WriteAllText(configuration, $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: relay
                static_configs:
                  - targets: ["{target}"]
            """);
        _process = Process.Start(new ProcessStartInfo(
            RequiredProgram.Find("prometheus"),
            [
                $"--config.file={configuration}", $"--storage.tsdb.path={_folder.File("data")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
            ]))!;
    }

    /// <summary>Starts one that scrapes a <c>host:port</c>.</summary>
    public static PrometheusServer Start(string target) => new(target);

    /// <summary>Asks until a query has a result, and returns the first value.</summary>
    public async Task<string> QueryUntilAsync(string query, Func<string, bool> accepts)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        string last = "no answer";
        while (true)
        {
            try
            {
                string? value = await QueryAsync(query, deadline.Token);
                if (value is not null && accepts(value))
                {
                    return value;
                }

                last = value ?? "no result";
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{query}: {last}");
            }

            Assert.False(_process.HasExited, "prometheus ended");
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{query}: {last}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<string?> QueryAsync(string query, CancellationToken cancellationToken)
    {
        string json = await _http.GetStringAsync(new Uri(_address, $"api/v1/query?query={Uri.EscapeDataString(query)}"), cancellationToken);
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement result = document.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? null : result[0].GetProperty("value")[1].GetString();
    }
}

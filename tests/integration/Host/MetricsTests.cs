using System.Diagnostics;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>Metrics as the tools of Prometheus see them.</summary>
public sealed class MetricsTests(MetricsProcess relay) : IClassFixture<MetricsProcess>
{
    [Fact]
    public async Task Metrics_RealPrometheus_ScrapesTheRelay()
    {
        await using PrometheusServer prometheus = PrometheusServer.Start(relay.Address);

        Assert.Equal("1", await prometheus.QueryUntilAsync("up{job=\"relay\"}", value => value == "1"));
        Assert.Equal("2", await prometheus.QueryUntilAsync("count(relay_edge_connections)", _ => true));
        Assert.Equal("1", await prometheus.QueryUntilAsync("relay_ready", value => value == "1"));
        Assert.NotEqual("0", await prometheus.QueryUntilAsync("process_resident_memory_bytes", _ => true));
        Assert.Equal("1", await prometheus.QueryUntilAsync("relay_fabric_connected", _ => true));
    }

    [Fact]
    public async Task Metrics_Promtool_FindsNothingWrong()
    {
        string page = await relay.ReadAsync();

        using Process promtool = Process.Start(new ProcessStartInfo(RequiredProgram.Find("promtool"), ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> printed = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.StandardInput.WriteAsync(page);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, string.Empty), (promtool.ExitCode, await printed + await errors));
    }

    [Theory]
    [InlineData("process_cpu_seconds_total")]
    [InlineData("process_resident_memory_bytes")]
    [InlineData("process_start_time_seconds")]
    [InlineData("process_open_fds")]
    [InlineData("process_max_fds")]
    [InlineData("dotnet_gc_collections_total")]
    [InlineData("dotnet_thread_pool_queue_length")]
    [InlineData("dotnet_thread_pool_threads")]
    [InlineData("relay_build_info")]
    [InlineData("relay_edge_sessions")]
    [InlineData("relay_master_publishes_total")]
    public async Task Metrics_Family_IsThereWithHelpAndType(string family)
    {
        string page = await relay.ReadAsync();

        Assert.Contains($"# HELP {family} ", page, StringComparison.Ordinal);
        Assert.Contains($"# TYPE {family} ", page, StringComparison.Ordinal);
        Assert.Contains($"\n{family}", page, StringComparison.Ordinal);
    }
}

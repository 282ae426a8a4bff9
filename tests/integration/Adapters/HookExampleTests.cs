using System.Diagnostics;
using System.Globalization;
using RelayServer.IntegrationTests.Support;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>The example of the README does what it says.</summary>
public sealed class HookExampleTests
{
    private const string Readme = "src/RelayServer.Adapters/README.md";

    [Fact]
    public async Task Readme_CurlExample_IsTaken()
    {
        RequiredProgram.Find("curl");
        RequiredProgram.Find("python3");
        await using HookBench bench = await HookBench.StartAsync();
        string now = bench.Service.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string script = Example("curl ")
            .Replace("http://127.0.0.1:7491/hooks/desk", bench.Url.AbsoluteUri, StringComparison.Ordinal)
            .Replace("$(date +%s)", now, StringComparison.Ordinal);
        bench.WriteSecrets(await RunAsync(Example("urandom").Replace("> desk.secret", string.Empty, StringComparison.Ordinal), bench));

        Assert.StartsWith("{\"status\":\"accepted\",\"item\":\"", await RunAsync(script, bench), StringComparison.Ordinal);
        Assert.StartsWith("{\"status\":\"duplicate\",\"item\":\"", await RunAsync(script, bench), StringComparison.Ordinal);
        Assert.Equal("Ferry is late", Assert.Single(await bench.Service.Outbox.ReadAsync(10, TestContext.Current.CancellationToken)).Card.Title);
    }

    private static string Example(string word)
    {
        string[] blocks = File.ReadAllText(ProtocolFolder.PathOf(Readme)).Split("```bash\n")[1..];
        return blocks.Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).Single(block => block.Contains(word, StringComparison.Ordinal));
    }

    private static async Task<string> RunAsync(string script, HookBench bench)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = Path.GetDirectoryName(bench.SecretFile),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
        string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}

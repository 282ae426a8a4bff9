using System.Text.Json;
using RelayServer.Cli;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary><c>relay adapter subscriptions</c> with what it cannot start with: it says what to do, and ends.</summary>
public sealed class AdapterStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Token => _folder.File("news.token");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_NoServices_SaysHowToDescribeOne() =>
        Assert.Contains("no services: describe one in Adapters:Subscriptions:0", await FailedAsync([]), StringComparison.Ordinal);

    [Fact]
    public async Task Start_NoTokenFile_SaysHowATokenIsMade() => Assert.Contains(
        "the service news has no token: name a file with one in TokenFile, made with 'relay token --user news --role service --service news'",
        await FailedAsync([new { Name = "news" }]),
        StringComparison.Ordinal);

    [Fact]
    public async Task Start_TokenFileMissing_NamesIt() =>
        Assert.Contains($"{Token} cannot be read", await FailedAsync([new { Name = "news", TokenFile = Token }]), StringComparison.Ordinal);

    [Fact]
    public async Task Start_TokenOthersMayRead_SaysHowToCloseIt()
    {
        await File.WriteAllTextAsync(Token, "token", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Token, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains($"run: chmod 600 {Token}", await FailedAsync([new { Name = "news", TokenFile = Token }]), StringComparison.Ordinal);
    }

    private async Task<string> FailedAsync(object[] services)
    {
        string config = _folder.File("adapter.json");
        await File.WriteAllTextAsync(
            config, JsonSerializer.Serialize(new { Data = _folder.File("data"), Adapters = new { Subscriptions = services } }), TestContext.Current.CancellationToken);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await RelayCommandLine.RunAsync(
            ["adapter", "subscriptions", "--config", config, "--http", "127.0.0.1:0"], output, error, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Failed, code);
        return error.ToString();
    }
}

using System.CommandLine;
using System.Net;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary><c>relay health</c>: asks a relay on this machine whether it lives, for images that have no other HTTP client.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var http = new Option<string?>("--http") { Description = "Its HTTP address [default: Http:Listen of the environment, or 127.0.0.1:7480]", HelpName = "HOST:PORT" };
        var ready = new Option<bool>("--ready") { Description = "Ask whether it is ready, not only whether it lives" };
        var command = new Command("health", "Ask a relay on this machine whether it is well") { http, ready };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Dictionary<string, string?> arguments = parsed.GetValue(http) is { } address ? new() { ["Http:Listen"] = address } : [];
            IPEndPoint listen = SettingsSource.Load(null, Environment.GetEnvironmentVariables(), arguments).Http.Listen;
            return await AskAsync(
                new Uri($"http://{StartScreen.Reachable(listen)}/{(parsed.GetValue(ready) ? "readyz" : "healthz")}"),
                parsed.InvocationConfiguration.Output,
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> AskAsync(Uri address, TextWriter output, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address, cancellationToken);
            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            await output.WriteLineAsync(text.TrimEnd());
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception problem) when (problem is HttpRequestException || (problem is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StartException($"no relay answers at {address}: {problem.Message}", problem);
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.Guards;

namespace RelayServer.Cli.Accounts;

/// <summary>Asks the authentication server.</summary>
internal sealed class AuthClient(Uri address) : IDisposable
{
    private const int AnswerBytesMax = 256 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    // Neither a password nor a token follows a redirect to somewhere else.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    public Uri Address { get; } = address;

    /// <summary>Sends a request; its answer is an object, empty where there is nothing to say.</summary>
    /// <exception cref="CommandFailureException">It was refused, or nobody answers.</exception>
    public async Task<JsonElement> SendAsync(
        HttpMethod method, string path, Dictionary<string, object?>? body, string? accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (accessToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        }

        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, cancellationToken);
            byte[] content = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            using JsonDocument document = JsonDocument.Parse(content.Length == 0 ? "{}"u8.ToArray() : content);
            return answer.IsSuccessStatusCode ? document.RootElement.Clone() : throw Refused(answer.StatusCode, document.RootElement);
        }
        catch (JsonException problem)
        {
            throw new CommandFailureException(ClientExitCode.Connection, $"{Address} is no authentication server; 'relay login --auth URL' names one", problem);
        }
        catch (Exception problem) when (problem is HttpRequestException || (problem is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CommandFailureException(
                ClientExitCode.Connection,
                $"no authentication server answers at {Address}: {problem.Message}; 'relay' starts one, 'relay login --auth URL' signs in at another", problem);
        }
    }

    public void Dispose() => _client.Dispose();

    private static AuthRefusedException Refused(HttpStatusCode status, JsonElement answer) => AuthRefusal.Describe(
        status,
        JsonText.Find(answer, "error") ?? string.Empty,
        JsonText.Find(answer, "message") ?? $"the authentication server answers with status {(int)status}",
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("retry_after_seconds", out JsonElement wait) && wait.TryGetInt32(out int seconds) ? seconds : null);
}

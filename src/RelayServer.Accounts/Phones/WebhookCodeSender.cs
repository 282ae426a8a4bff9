using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;

namespace RelayServer.Accounts.Phones;

/// <summary>Posts codes to an address of the operator's, which sends them on: <c>{"phone","code","text","expires_in"}</c>.</summary>
internal sealed class WebhookCodeSender : ICodeSender, IDisposable
{
    private const int AnswerBytesMax = 16 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    private readonly Uri _address;
    private readonly string? _secret;
    private readonly ILogger _logger;

    public WebhookCodeSender(Uri address, string? secret, ILogger logger)
    {
        _address = address;
        _secret = secret;
        _logger = logger;
    }

    public async Task<bool> SendAsync(string phone, string code, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = JsonContent.Create(new Dictionary<string, object>
            {
                ["phone"] = phone,
                ["code"] = code,
                ["text"] = $"{code} is your code to sign in. Tell it to nobody.",
                ["expires_in"] = (int)lifetime.TotalSeconds,
            }),
        };
        if (_secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _secret);
        }

        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return true;
            }

            AuthLog.CodeNotSent(_logger, PhoneNumber.Mask(phone), $"the webhook answers with status {(int)answer.StatusCode}");
        }
        catch (Exception problem) when (problem is HttpRequestException || (problem is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            AuthLog.CodeNotSent(_logger, PhoneNumber.Mask(phone), "the webhook cannot be reached");
        }

        return false;
    }

    public void Dispose() => _client.Dispose();
}

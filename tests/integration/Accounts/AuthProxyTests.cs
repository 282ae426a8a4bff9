using System.Net;
using System.Net.Http.Json;
using RelayServer.Accounts;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Limits for each client behind a proxy, which tells where requests come from.</summary>
public sealed class AuthProxyTests() : AuthContract(new SqliteHost())
{
    private readonly HttpClient _client = new();

    public override ValueTask DisposeAsync()
    {
        _client.Dispose();
        return base.DisposeAsync();
    }

    internal override void Configure(AuthOptions options)
    {
        options.BehindProxy = true;
        options.CodesPerAddressHourMax = 2;
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2")]
    [InlineData("192.0.2.1:1234", "192.0.2.2:1234")]
    [InlineData("[2001:db8::1]:1234", "[2001:db8:1::1]:1234")]
    [InlineData("192.0.2.9, 192.0.2.1", "192.0.2.9, 192.0.2.2")]
    public async Task SendCode_OverTheLimitOfOneClient_AnotherIsAnswered(string first, string second)
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendCodeAsync(1, first));
        Assert.Equal(HttpStatusCode.Accepted, await SendCodeAsync(2, first));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SendCodeAsync(3, first));
        Assert.Equal(HttpStatusCode.Accepted, await SendCodeAsync(4, second));
    }

    // One customer of a provider has as many networks of 64 bits as fit into 48.
    [Fact]
    public async Task SendCode_FromManyNetworksOfOneSite_IsLimited()
    {
        int sent = 0;
        for (int number = 0; number < 64; number++)
        {
            sent += await SendCodeAsync(number, $"2001:db8:7:{number:x}::1") == HttpStatusCode.Accepted ? 1 : 0;
        }

        Assert.Equal(2 * 16, sent);
        Assert.Equal(HttpStatusCode.Accepted, await SendCodeAsync(99, "2001:db8:8::1"));
    }

    private async Task<HttpStatusCode> SendCodeAsync(int number, string from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{Server.Endpoint}/phone/code")
        {
            Content = JsonContent.Create(new { phone = $"+8210000000{number:00}" }),
        };
        request.Headers.Add("X-Forwarded-For", from);
        using HttpResponseMessage answer = await _client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}

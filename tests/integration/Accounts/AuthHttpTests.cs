using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using RelayServer.Accounts.Http;
using RelayServer.IntegrationTests.Identity;
using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>How requests and answers are shaped, whatever they are about.</summary>
public sealed class AuthHttpTests() : AuthContract(new SqliteHost())
{
    private static readonly IPAddress One = IPAddress.Parse("127.0.0.2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("GET", "/nothing", 404, "not_found")]
    [InlineData("GET", "/consents/", 404, "not_found")]
    [InlineData("GET", "/refresh", 405, "method_not_allowed")]
    [InlineData("POST", "/consents/news", 405, "method_not_allowed")]
    [InlineData("POST", "/refresh/more", 404, "not_found")]
    public async Task Request_ForWhatIsNotThere_IsRefused(string method, string path, int status, string error) =>
        (await SendAsync(new HttpMethod(method), path)).Refused(status, error);

    [Theory]
    [InlineData("{\"refresh_token\":\"", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("""{"refresh_token":"a","refresh_token":"b"}""", "JSON")]
    [InlineData("""{"refresh_token":{"a":{"b":{}}}}""", "JSON")]
    [InlineData("""{"refresh_token":"a","\ud800":"b"}""", "JSON")]
    [InlineData("{}", "refresh_token: is needed")]
    [InlineData("""{"refresh_token":7}""", "refresh_token: must be a text")]
    [InlineData("""{"refresh_token":"\ud800"}""", "refresh_token: must be a text")]
    [InlineData("""{"refresh_token":""}""", "refresh_token: must be a text")]
    [InlineData("""{"refresh_token":"a","more":1}""", "not known")]
    public async Task Body_ThatIsNotWhatIsAskedFor_IsRefusedWithoutRepeatingIt(string body, string message)
    {
        AuthAnswer answer = (await PostAsync("/refresh", Json(body))).Refused(400, "invalid_request");
        Assert.Contains(message, answer.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Body_OfAnotherType_IsRefused(string type)
    {
        using var content = new StringContent("{}", Encoding.UTF8, type);
        (await PostAsync("/refresh", content)).Refused(415, "unsupported_media_type");
    }

    [Fact]
    public async Task Body_LargerThanAllowed_IsRefused()
    {
        AuthAnswer answer = await PostAsync("/refresh", Json($$"""{"refresh_token":"{{new string('x', 20_000)}}"}"""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Fact]
    public async Task Refusal_OfAToken_NamesTheScheme() =>
        Assert.Equal("Bearer", (await GetAsync("/account")).Refused(401, "invalid_token").Message.Headers.WwwAuthenticate.ToString());

    [Fact]
    public async Task Request_UnderAnotherHostName_IsRefused()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Server.Endpoint}/revocations");
        request.Headers.Host = "evil.example";
        using HttpResponseMessage answer = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Answers_WithTokens_AreNotKeptByAnybody()
    {
        AuthAnswer answer = await RegisterAsync();
        Assert.True(answer.Message.Headers.CacheControl!.NoStore);
        Assert.Equal("application/json", answer.Message.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Answers_AfterAFaultOfTheServer_AreRefusalsLikeOthers()
    {
        Codes.Fault = new InvalidOperationException("the number +821012345678");
        AuthAnswer answer = (await PostAsync("/phone/code", new { phone = Phone })).Refused(500, "failed");
        Assert.True(answer.Message.Headers.CacheControl!.NoStore);
        Assert.DoesNotContain("1012345678", answer.Body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithAnotherMethod_IsToldWhichThereAre()
    {
        AuthAnswer answer = (await SendAsync(HttpMethod.Post, "/consents/news")).Refused(405, "method_not_allowed");
        Assert.Equal(["PUT", "DELETE"], answer.Message.Content.Headers.Allow);
    }

    // One client must not keep all others out by connections that it does nothing with.
    [Fact]
    public async Task Connections_OfOneAddress_LeaveRoomForOthers()
    {
        List<Socket> open = [];
        try
        {
            for (int i = 0; i < AuthLimits.ConnectionsPerAddressMax; i++)
            {
                open.Add(await LoopbackClient.ConnectAsync(Server.Endpoint, One));
            }

            await Eventually.TrueAsync(async () => !await LoopbackClient.IsServedAsync(Server.Endpoint, One), Patience, () => "it has more than its part");
            Assert.True(await LoopbackClient.IsServedAsync(Server.Endpoint, IPAddress.Loopback));
            open[0].Dispose();
            await Eventually.TrueAsync(() => LoopbackClient.IsServedAsync(Server.Endpoint, One), Patience, () => "one place is free and not given");
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Describe_Server_SaysWhatItOffers()
    {
        AuthAnswer answer = (await GetAsync("/.well-known/relay-auth")).Good();
        Assert.Equal(("relay-auth", "relay"), (answer.Text("issuer"), answer.Text("audience")));
        Assert.True(answer.Body.GetProperty("phone").GetBoolean());
    }

    [Fact]
    public async Task Start_SamePortTwice_IsRefused()
    {
        Options.Listen = Server.Endpoint;
        await Assert.ThrowsAsync<IOException>(() => StartAsync());
    }

    [Fact]
    public async Task SendCode_Webhook_PostsItWithTheSecret()
    {
        await using DocumentServer webhook = await DocumentServer.StartAsync();
        var sender = new RelayServer.Accounts.Phones.WebhookCodeSender(webhook.At("/send"), "hush", Logs);
        Assert.False(await sender.SendAsync(Phone, "123456", TimeSpan.FromMinutes(5), Cancel));
        webhook.Set("/send", []);
        Assert.True(await sender.SendAsync(Phone, "123456", TimeSpan.FromMinutes(5), Cancel));
        Assert.Equal(2, webhook.Asked("/send"));
        Assert.DoesNotContain(Logs.Lines, line => line.Contains("123456", StringComparison.Ordinal) || line.Contains("1012345678", StringComparison.Ordinal));
        sender.Dispose();
    }

    [Fact]
    public async Task Database_WhatIsStored_TellsNeitherPhoneNorTokenNorKey()
    {
        AuthAnswer answer = await SignInByPhoneAsync();
        (await PostAsync("/password/link", new { name = "alice", password = Password, refresh_token = answer.Refresh }, answer.Access)).Good();
        string stored = string.Concat(Directory.GetFiles(Path.GetDirectoryName(Options.Database.File)!).Where(file => !file.Contains("secret", StringComparison.Ordinal))
            .Select(file => Encoding.Latin1.GetString(ReadShared(file))));
        Assert.Contains(answer.UserId, stored, StringComparison.Ordinal);
        foreach (string secret in new[] { "1012345678", Codes.Last, answer.Refresh.Split('.')[3], answer.Access, Password, "\"d\":" })
        {
            Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static byte[] ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }
}

using System.Net.Http.Headers;
using System.Text;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Hooks;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class HookTests : IAsyncLifetime
{
    private const string Body = """{"id":"1","title":"A","text":"B\u202e","link":"https://example.org/1","image":"https://example.org/1.png","subjects":["Sport"]}""";

    private HookBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await HookBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Post_Signed_BecomesAnUpdate()
    {
        Assert.Equal((202, "accepted"), await _bench.PostAsync(Body));

        var entry = Assert.Single(await _bench.Service.Outbox.ReadAsync(10, Cancel));
        Assert.Equal(("topic:news.updates", "A", "B"), (entry.Target, entry.Card.Title, entry.Card.Text));
        Assert.Equal(("https://example.org/1", "https://example.org/1.png"), (entry.Card.Link, entry.Card.Image));
        Assert.Equal(["local", "sport"], entry.Subjects);
        Assert.Equal(1, _bench.Changes);
    }

    [Fact]
    public async Task Post_SameIdAgain_IsADuplicateAndNoUpdate()
    {
        await _bench.PostAsync(Body);

        Assert.Equal((200, "duplicate"), await _bench.PostAsync(Body));
        Assert.Equal((200, "duplicate"), await _bench.PostAsync("""{"id":"1","title":"other"}""", age: TimeSpan.FromSeconds(60)));
        Assert.Equal(1, await _bench.Service.Outbox.CountAsync(Cancel));
    }

    [Fact]
    public async Task Post_AnySecretOfTheFile_IsGood()
    {
        Assert.Equal(202, (await _bench.PostAsync(Body, HookBench.OldSecret)).Status);

        // The old one is taken away while the process runs.
        _bench.WriteSecrets($"{HookBench.Secret}\n");
        Assert.Equal((401, "bad_signature"), await _bench.PostAsync(Body, HookBench.OldSecret));
        Assert.Equal((200, "duplicate"), await _bench.PostAsync(Body));
    }

    [Theory]
    [InlineData("others may", UnixFileMode.UserRead | UnixFileMode.GroupRead)]
    [InlineData("others may", UnixFileMode.UserRead | UnixFileMode.OtherRead)]
    public async Task Post_SecretsThatOthersMayRead_AreNotUsed(string reason, UnixFileMode mode)
    {
        _bench.WriteSecrets($"{HookBench.Secret} again, so that it differs\n", mode);

        Assert.Equal((503, "not_ready"), await _bench.PostAsync(Body));
        Assert.True(_bench.Service.Logs.Contains(reason));
        Assert.DoesNotContain(_bench.Service.Logs.Lines, line => line.Contains(HookBench.Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short\n")]
    public void Check_SecretsThatAreNone_AreRefusedAtTheStart(string text)
    {
        _bench.WriteSecrets(text);

        Assert.Throws<InvalidDataException>(() => new SecretFile(_bench.SecretFile).Read());
        InvalidDataException missing = Assert.Throws<InvalidDataException>(() => new SecretFile(_bench.SecretFile + ".nosuch").Read());
        Assert.Contains("Could not find", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SecretsAboveTheirBounds_AreRefused()
    {
        string most = string.Concat(Enumerable.Range(0, HookLimits.SecretsMax).Select(number => $"{number}{new string('s', HookLimits.SecretCharactersMin - 1)}\n"));
        Assert.Equal(HookLimits.SecretsMax, Read(most).Count);
        Assert.Throws<InvalidDataException>(() => Read(most + HookBench.Secret + "\n"));
        Assert.Throws<InvalidDataException>(() => Read(new string('s', HookLimits.SecretCharactersMin - 1) + "\n"));
        Assert.NotEmpty(Read(new string('s', HookLimits.SecretFileBytesMax)));
        Assert.Throws<InvalidDataException>(() => Read(new string('s', HookLimits.SecretFileBytesMax + 1)));

        IReadOnlyList<byte[]> Read(string text)
        {
            _bench.WriteSecrets(text);
            return new SecretFile(_bench.SecretFile).Read();
        }
    }

    [Fact]
    public async Task Connection_ThatSaysNothing_IsClosedSoon()
    {
        using var silent = new System.Net.Sockets.TcpClient();
        await silent.ConnectAsync(_bench.Url.Host, _bench.Url.Port, Cancel);

        int read = await silent.GetStream().ReadAsync(new byte[1], Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        Assert.Equal(0, read);
    }

    // One sender must not keep all others out by connections that it does nothing with.
    [Fact]
    public async Task Connections_OfOneAddress_LeaveRoomForOthersUntilAllAreTaken()
    {
        List<System.Net.Sockets.Socket> open = [];
        try
        {
            for (int address = 2; open.Count < HookLimits.ConnectionsMax; address++)
            {
                for (int connection = 0; connection < HookLimits.ConnectionsPerAddressMax; connection++)
                {
                    open.Add(await LoopbackClient.ConnectAsync(_bench.Endpoint, LoopbackClient.Address(address)));
                }

                await RefusedAsync(address);
                Assert.Equal(open.Count < HookLimits.ConnectionsMax, await LoopbackClient.IsServedAsync(_bench.Endpoint, LoopbackClient.Address(200 + address)));
            }
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }

        Task RefusedAsync(int address) => Eventually.TrueAsync(
            async () => !await LoopbackClient.IsServedAsync(_bench.Endpoint, LoopbackClient.Address(address)), TimeSpan.FromSeconds(20), () => "one more is served");
    }

    [Fact]
    public async Task Post_NotSigned_IsRefused()
    {
        string timestamp = _bench.Service.Time.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        string signature = HookSignature.Create(Encoding.UTF8.GetBytes(HookBench.Secret), timestamp, Encoding.UTF8.GetBytes(Body));

        Assert.Equal((401, "bad_timestamp"), await _bench.SendAsync(_bench.Request(Body, null, signature)));
        Assert.Equal((401, "bad_signature"), await _bench.SendAsync(_bench.Request(Body, timestamp, null)));
        Assert.Equal((401, "bad_signature"), await _bench.SendAsync(_bench.Request(Body + " ", timestamp, signature)));
        Assert.Equal((401, "bad_signature"), await _bench.PostAsync(Body, "somebody else's secret, somebody else's"));
        Assert.Equal(0, await _bench.Service.Outbox.CountAsync(Cancel));
    }

    [Theory]
    [InlineData(299, 202)]
    [InlineData(301, 401)]
    [InlineData(-299, 202)]
    [InlineData(-301, 401)]
    public async Task Post_OutsideTheWindow_IsRefused(int ageSeconds, int status)
    {
        Assert.Equal(status, (await _bench.PostAsync(Body, age: TimeSpan.FromSeconds(ageSeconds))).Status);
    }

    [Fact]
    public async Task Post_MoreThanAMinutesWorth_IsToldToComeLater()
    {
        await using HookBench bench = await HookBench.StartAsync(postsPerMinute: 2);

        // What is not signed costs the sender nothing.
        for (int post = 0; post < 10; post++)
        {
            Assert.Equal(401, (await bench.PostAsync(Body, "somebody else's secret, somebody else's")).Status);
        }

        Assert.Equal(202, (await bench.PostAsync(Body)).Status);
        Assert.Equal(200, (await bench.PostAsync(Body)).Status);
        Assert.Equal((429, "too_many_posts"), await bench.PostAsync(Body));
        bench.Service.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await bench.PostAsync(Body)).Status);
    }

    [Fact]
    public async Task Post_OutboxFull_IsToldToComeLater()
    {
        await using HookBench bench = await HookBench.StartAsync(new SubscriptionsOptions { OutboxItemsMax = 1 });
        await bench.PostAsync(Body);

        Assert.Equal((503, "outbox_full"), await bench.PostAsync("""{"id":"2","title":"B"}"""));
        await bench.Service.SendAllAsync(new RecordedUpdates());
        Assert.Equal((202, "accepted"), await bench.PostAsync("""{"id":"2","title":"B"}"""));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"id\":\"1\",\"title\":\"\\u202e\"}")]
    [InlineData("{\"id\":\"1\",\"title\":\"A\",\"link\":\"javascript:alert(1)\"}")]
    [InlineData("{\"id\":\"1\",\"title\":\"A\",\"image\":\"file:///x\"}")]
    public async Task Post_BodyThatCannotBeTaken_SaysWhy(string body)
    {
        Assert.Equal((400, "bad_body"), await _bench.PostAsync(body));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_TooLarge_IsRefusedBeforeItIsRead(bool saysSo)
    {
        using HttpRequestMessage request = _bench.Request(new string(' ', HookLimits.BodyBytesMax + 1), "1", "v1=");
        request.Headers.TransferEncodingChunked = !saysSo;

        Assert.Equal((413, "too_large"), await _bench.SendAsync(request));
    }

    [Fact]
    public async Task Request_OtherwiseThanPosted_SaysWhatIsWrong()
    {
        using HttpRequestMessage text = _bench.Request(Body, "1", "v1=");
        text.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using HttpRequestMessage packed = _bench.Request(Body, "1", "v1=");
        packed.Content!.Headers.ContentEncoding.Add("gzip");
        using HttpRequestMessage get = _bench.Request(string.Empty, null, null);
        get.Method = HttpMethod.Get;
        get.Content = null;
        using HttpRequestMessage other = _bench.Request(Body, "1", "v1=");
        other.RequestUri = new Uri(_bench.Url, "/hooks/nosuch");
        using HttpRequestMessage inner = _bench.Request(Body, "1", "v1=");
        inner.RequestUri = new Uri(_bench.Url, "/hooks/desk/x");

        Assert.Equal((415, "bad_type"), await _bench.SendAsync(text));
        Assert.Equal((415, "bad_type"), await _bench.SendAsync(packed));
        Assert.Equal((405, "bad_method"), await _bench.SendAsync(get));
        Assert.Equal((404, "not_found"), await _bench.SendAsync(other));
        Assert.Equal((404, "not_found"), await _bench.SendAsync(inner));
    }
}

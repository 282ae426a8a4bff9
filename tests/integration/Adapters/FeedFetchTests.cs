using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.UnitTests.Adapters;
using RelayServer.UnitTests.Edge;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class FeedFetchTests
{
    private const int BytesMax = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly byte[] Feed = FeedDocuments.Rss("<item><guid>1</guid><title>A</title></item>");

    private readonly HandTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FetchAsync_Feed_IsReadWithWhatNamesItsVersion()
    {
        string agent = string.Empty;
        await using FeedServer server = await FeedServer.StartAsync(async context =>
        {
            agent = context.Request.Headers.UserAgent.ToString();
            context.Response.Headers.ETag = "W/\"v1\"";
            context.Response.Headers.LastModified = "Thu, 01 Jan 2026 12:00:00 GMT";
            context.Response.Headers.CacheControl = "max-age=900";
            await context.Response.Body.WriteAsync(Feed);
        });

        FetchResult result = await FetchAsync(server.Url());

        Assert.Equal(FetchKind.Changed, result.Kind);
        Assert.Equal(Feed, result.Document);
        Assert.Equal(new FeedValidators("W/\"v1\"", "Thu, 01 Jan 2026 12:00:00 GMT"), result.Validators);
        Assert.Equal(TimeSpan.FromMinutes(15), result.MaxAge);
        Assert.StartsWith("RelayServer.Adapters/", agent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FeedLimits.ETagCharactersMax, true)]
    [InlineData(FeedLimits.ETagCharactersMax + 1, false)]
    public async Task FetchAsync_VersionWithALongName_IsNotKept(int characters, bool isKept)
    {
        string tag = $"\"{new string('v', characters - 2)}\"";
        await using FeedServer server = await FeedServer.StartAsync(async context =>
        {
            context.Response.Headers.ETag = tag;
            await context.Response.Body.WriteAsync(Feed);
        });

        Assert.Equal(isKept ? tag : null, (await FetchAsync(server.Url())).Validators.ETag);
    }

    [Fact]
    public async Task FetchAsync_VersionKnown_IsAskedForAndUnchanged()
    {
        var asked = (Tag: string.Empty, Date: string.Empty);
        await using FeedServer server = await FeedServer.StartAsync(context =>
        {
            asked = (context.Request.Headers.IfNoneMatch.ToString(), context.Request.Headers.IfModifiedSince.ToString());
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        });
        var known = new FeedValidators("\"v1\"", "Thu, 01 Jan 2026 12:00:00 GMT");

        FetchResult result = await FetchAsync(server.Url(), known);

        Assert.Equal((FetchKind.Unchanged, known), (result.Kind, result.Validators));
        Assert.Equal(("\"v1\"", "Thu, 01 Jan 2026 12:00:00 GMT"), asked);
    }

    [Theory]
    [InlineData(410, nameof(FetchKind.Gone))]
    [InlineData(404, nameof(FetchKind.Failed))]
    [InlineData(500, nameof(FetchKind.Failed))]
    [InlineData(204, nameof(FetchKind.Failed))]
    public async Task FetchAsync_OtherStatus_SaysSo(int status, string kind)
    {
        await using FeedServer server = await FeedServer.StartAsync(context => Answer(context, status));

        FetchResult result = await FetchAsync(server.Url());

        Assert.Equal(kind, result.Kind.ToString());
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Thu, 01 Jan 2026 12:10:00 GMT", 600)]
    [InlineData("Thu, 01 Jan 2026 11:00:00 GMT", 0)]
    [InlineData("nonsense", 0)]
    public async Task FetchAsync_RetryAfter_IsReadAsSecondsOrDate(string written, int seconds)
    {
        await using FeedServer server = await FeedServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = written;
            return Answer(context, 429);
        });

        FetchResult result = await FetchAsync(server.Url());

        Assert.Equal(seconds == 0 ? null : TimeSpan.FromSeconds(seconds), result.RetryAfter);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FetchAsync_MoreBytesThanAllowed_IsRefused(bool saysSo)
    {
        await using FeedServer server = await FeedServer.StartAsync(async context =>
        {
            if (saysSo)
            {
                context.Response.ContentLength = BytesMax + 1;
            }

            byte[] block = new byte[1024];
            for (int sent = 0; sent <= BytesMax && !context.RequestAborted.IsCancellationRequested; sent += block.Length)
            {
                await context.Response.Body.WriteAsync(block.AsMemory(0, saysSo ? Math.Min(block.Length, BytesMax + 1 - sent) : block.Length), context.RequestAborted);
            }
        });

        AssertFailed(await FetchAsync(server.Url()), "larger than 65536 bytes");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task FetchAsync_Packed_IsUnpacked(string encoding)
    {
        await using FeedServer server = await FeedServer.StartAsync(context => AnswerPacked(context, encoding, Pack(encoding, Feed)));

        Assert.Equal(Feed, (await FetchAsync(server.Url())).Document);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task FetchAsync_PackedBomb_IsRefused(string encoding)
    {
        byte[] bomb = Pack(encoding, new byte[16 * 1024 * 1024]);
        await using FeedServer server = await FeedServer.StartAsync(context => AnswerPacked(context, encoding, bomb));

        Assert.InRange(bomb.Length, 0, BytesMax);
        AssertFailed(await FetchAsync(server.Url()), "larger than 65536 bytes");
    }

    [Theory]
    [InlineData("gzip", "not packed as it says")]
    [InlineData("deflate", "not asked for")]
    [InlineData("gzip, gzip", "not asked for")]
    public async Task FetchAsync_PackedOtherwise_IsRefused(string encoding, string reason)
    {
        await using FeedServer server = await FeedServer.StartAsync(context => AnswerPacked(context, encoding, Feed));

        AssertFailed(await FetchAsync(server.Url()), reason);
    }

    [Fact]
    public async Task FetchAsync_ServerThatDrips_EndsAtTheDeadline()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FeedServer server = await FeedServer.StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync("<"u8.ToArray());
            await context.Response.Body.FlushAsync();
            begun.SetResult();
            await Task.Run(() => context.RequestAborted.WaitHandle.WaitOne());
        });

        Task<FetchResult> fetching = FetchAsync(server.Url());
        await begun.Task;
        Assert.Equal(Timeout, await _time.NextWaitAsync());
        _time.Advance(Timeout);

        AssertFailed(await fetching, "longer than 15 s");
    }

    [Fact]
    public async Task FetchAsync_HeadersWithoutEnd_AreRefused()
    {
        await using FeedServer server = await FeedServer.StartAsync(context =>
        {
            context.Response.Headers["X-Long"] = new string('x', (FeedLimits.HeaderKilobytesMax * 1024) + 1);
            return Answer(context, 200);
        });

        AssertFailed(await FetchAsync(server.Url()), "headers are too large");
    }

    [Fact]
    public async Task FetchAsync_ServerThatSpeaksSomethingElse_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(Cancel);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("SSH-2.0-server\r\n\r\n"), Cancel);
        });

        AssertFailed(await FetchAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/")), "not HTTP");
        await serving;
    }

    [Fact]
    public async Task FetchAsync_NobodyThere_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        AssertFailed(await FetchAsync(new Uri($"http://127.0.0.1:{port}/")), "cannot be reached");
    }

    [Fact]
    public async Task FetchAsync_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        await using FeedServer server = await FeedServer.StartAsync(async context =>
        {
            await stop.CancelAsync();
            await Task.Run(() => context.RequestAborted.WaitHandle.WaitOne());
        });
        using HttpMessageInvoker client = HttpFeedSource.CreateClient(new FeedConnector(FeedConnector.ResolveAsync, _ => true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new HttpFeedSource(server.Url(), client, client, BytesMax, Timeout, _time).FetchAsync(FeedValidators.None, stop.Token));
    }

    private static void AssertFailed(FetchResult result, string reason)
    {
        Assert.Equal(FetchKind.Failed, result.Kind);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
    }

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task AnswerPacked(HttpContext context, string encoding, byte[] body)
    {
        context.Response.Headers.ContentEncoding = encoding;
        return context.Response.Body.WriteAsync(body).AsTask();
    }

    private static byte[] Pack(string encoding, byte[] content)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.SmallestSize) : new BrotliStream(packed, CompressionLevel.SmallestSize))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private async Task<FetchResult> FetchAsync(Uri url, FeedValidators? validators = null)
    {
        using HttpMessageInvoker client = HttpFeedSource.CreateClient(new FeedConnector(FeedConnector.ResolveAsync, _ => true));
        return await new HttpFeedSource(url, client, client, BytesMax, Timeout, _time).FetchAsync(validators ?? FeedValidators.None, Cancel);
    }
}

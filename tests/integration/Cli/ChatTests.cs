using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.IntegrationTests.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Cli;

public sealed class ChatTests : IAsyncLifetime
{
    private readonly ScriptedEdge _edge = new();
    private readonly ChatRun _chat = new("secret");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _chat.Output.DisposeAsync();
        await _chat.Error.DisposeAsync();
    }

    [Fact]
    public async Task Chat_PipedLines_ArePublishedInOrderAndAcked()
    {
        Task<int> chat = RunAsync("one\n\nthrée\nno line feed", "--room", "lobby");
        ScriptedSession session = await AcceptAsync(0);
        var sent = await session.ExpectPublishesAsync(4);
        Assert.Equal(["one", "", "thrée", "no line feed"], sent.Select(publish => publish.Text));
        await session.AckAsync("lobby", sent[0].ProducerId, 1, 2, 3, 4);
        await session.ExpectAsync(FrameType.Close);
        await session.DisposeAsync();
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.EndsWith("published 4, acked 4, received 0, gaps 0\n", _chat.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _chat.Output.Length);
    }

    [Fact]
    public async Task Chat_ReceivedInAPipe_IsExactlyTheText()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--count", "3", "--quiet");
        ScriptedSession session = await AcceptAsync(0);
        await session.DeliverAsync("lobby", 1, "a\tb\r", "", "\u001b[31mé");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal("a\tb\r\n\n\u001b[31mé\n", Encoding.UTF8.GetString(_chat.Output.ToArray()));
        Assert.Equal("", _chat.Error.ToString());
    }

    [Fact]
    public async Task Chat_Json_HasTheFields()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--count", "1", "--json");
        ScriptedSession session = await AcceptAsync(41);
        await session.DeliverAsync("lobby", 42, "say \"é\"");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        JsonElement line = JsonDocument.Parse(_chat.Output.ToArray()).RootElement;
        Assert.Equal("lobby", line.GetProperty("room").GetString());
        Assert.Equal(1, line.GetProperty("epoch").GetInt32());
        Assert.Equal(42, line.GetProperty("seq").GetInt32());
        Assert.Equal("alice", line.GetProperty("from").GetString());
        Assert.Equal("say \"é\"", line.GetProperty("text").GetString());
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), line.GetProperty("at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("good\n0123456789A\nnever\n", "line 2 is longer than the limit of 10 bytes; shorten or split it")]
    [InlineData("good\nbad \u00ff\nnever\n", "line 2 is not UTF-8; convert it, as with iconv")]
    public async Task Chat_BadLine_IsNamedAndEverythingBeforeItIsAcked(string latin1, string message)
    {
        _edge.Welcome = new ScriptedWelcome { PayloadBytesMax = 10 };
        Task<int> chat = _chat.StartAsync(Encoding.Latin1.GetBytes(latin1), "--room", "lobby", "--edge", _edge.Endpoint.ToString());
        ScriptedSession session = await AcceptAsync(0);
        var sent = await session.ExpectPublishesAsync(1);
        await session.AckAsync("lobby", sent[0].ProducerId, 1);
        await session.ExpectAsync(FrameType.Close);
        Assert.Equal(ClientExitCode.Input, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Contains(message, _chat.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("published 1, acked 1", _chat.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_FromStartWithoutInput_PrintsTheHistoryAndLeaves()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--from-start");
        ScriptedSession session = await AcceptAsync(0, topSeq: 2);
        await session.DeliverAsync("lobby", 1, "one", "two");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal("one\ntwo\n", Encoding.UTF8.GetString(_chat.Output.ToArray()));
    }

    [Fact]
    public async Task Chat_GapNotice_IsCountedAndTold()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--count", "1", "--from-start");
        ScriptedSession session = await AcceptAsync(0, topSeq: 9);
        await session.GapAsync("lobby", 0, 8, GapReason.Trimmed);
        await session.DeliverAsync("lobby", 9, "nine");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Contains("missing 8 messages after 0", _chat.Error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("received 1, gaps 1\n", _chat.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_PublishRefused_ExitsWithItsCode()
    {
        Task<int> chat = RunAsync("no\n", "--room", "lobby");
        ScriptedSession session = await AcceptAsync(0);
        await session.ExpectPublishesAsync(1);
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", 1);
        Assert.Equal(ClientExitCode.Refused, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Contains("line 1 was refused", _chat.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_TokenRefused_ExitsWithItsCode()
    {
        Task<int> chat = RunAsync("", "--room", "lobby");
        for (int i = 0; i < 2; i++)
        {
            ScriptedSession session = await _edge.AcceptAsync();
            Assert.Equal("secret", await session.ReadSignInAsync());
            await session.CloseAsync(ErrorCode.TokenExpired, 0);
        }

        Assert.Equal(ClientExitCode.Token, await chat.WaitAsync(ScriptedSession.Deadline));
    }

    [Fact]
    public async Task Chat_OutputClosedByItsReader_EndsWithTheNextMessage()
    {
        using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        output.DisposeLocalCopyOfClientHandle();
        Task<int> chat = _chat.StartAsync(Stream.Null, output, "--room", "lobby", "--listen", "--edge", _edge.Endpoint.ToString());
        ScriptedSession session = await AcceptAsync(0);
        await session.DeliverAsync("lobby", 1, "one");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
    }

    [Fact]
    public async Task Chat_OutputClosedWhilePublishing_PublishesTheRestAndSaysSo()
    {
        using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        output.DisposeLocalCopyOfClientHandle();
        var input = new System.IO.Pipelines.Pipe();
        Task<int> chat = _chat.StartAsync(input.Reader.AsStream(), output, "lobby", "--edge", _edge.Endpoint.ToString());
        ScriptedSession session = await AcceptAsync(0);
        await session.DeliverAsync("lobby", 1, "nobody reads this");
        await input.Writer.WriteAsync("one\ntwo\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var sent = await session.ExpectPublishesAsync(2);
        await session.AckAsync("lobby", sent[0].ProducerId, 1, 2);
        await input.Writer.WriteAsync("three\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await input.Writer.CompleteAsync();
        Assert.Equal("three", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.AckAsync("lobby", sent[0].ProducerId, 3);
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Contains("published 3, acked 3", _chat.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_DataWhichIsNoText_IsBase64InJson()
    {
        Task<int> chat = RunAsync("", "lobby", "--count", "1", "--json");
        ScriptedSession session = await AcceptAsync(0);
        await session.DeliverKindsAsync("lobby", 1, (MessageKind.Data, "hé"));
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        JsonElement line = JsonDocument.Parse(_chat.Output.ToArray()).RootElement;
        Assert.Equal("hé"u8.ToArray(), line.GetProperty("data").GetBytesFromBase64());
        Assert.False(line.TryGetProperty("text", out _));
    }

    [Fact]
    public async Task Chat_ConnectionLost_TellsSoAtOnceAndWhenItIsBack()
    {
        Task<int> chat = RunAsync("", "lobby", "--count", "1");
        ScriptedSession session = await AcceptAsync(0);
        session.Reset();
        await _chat.Error.WaitForAsync("relay chat: connection lost: ").WaitAsync(ScriptedSession.Deadline);
        Assert.DoesNotContain("connected again", _chat.Error.ToString(), StringComparison.Ordinal);
        ScriptedSession second = await AcceptAsync(0);
        await _chat.Error.WaitForAsync($"relay chat: connected again to {_edge.Endpoint} as user-1\n").WaitAsync(ScriptedSession.Deadline);
        await second.DeliverAsync("lobby", 1, "1");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal(1, _chat.Error.ToString().Split("connection lost").Length - 1);
    }

    [Fact]
    [Trait("Must", "R-CLOSE-2")]
    public async Task Chat_ServerAsksToWait_SaysHowLongAndWaits()
    {
        const uint backoffMilliseconds = 1600;
        Task<int> chat = RunAsync("", "lobby", "--count", "1");
        ScriptedSession session = await AcceptAsync(0);
        long closed = TimeProvider.System.GetTimestamp();
        await session.CloseAsync(ErrorCode.ShuttingDown, backoffMilliseconds, "evil \u001b[2J");
        await _chat.Error.WaitForAsync("connection lost: evil \ufffd[2J (1006 ShuttingDown); reconnecting in 2 s\u2026")
            .WaitAsync(ScriptedSession.Deadline);
        ScriptedSession second = await AcceptAsync(0);
        Assert.True(TimeProvider.System.GetElapsedTime(closed).TotalMilliseconds >= backoffMilliseconds, "back too soon");
        await second.DeliverAsync("lobby", 1, "1");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
    }

    [Fact]
    public async Task Chat_StaysAway_TellsEveryReasonOnce()
    {
        Task<int> chat = RunAsync("", "lobby", "--count", "1");
        (await AcceptAsync(0)).Reset();
        for (int i = 0; i < 3; i++)
        {
            ScriptedSession busy = await _edge.AcceptAsync();
            await busy.ReadSignInAsync();
            await busy.CloseAsync(ErrorCode.TooManyConnections, 1, "full");
        }

        ScriptedSession refusing = await _edge.AcceptAsync();
        await refusing.ReadSignInAsync();
        await refusing.CloseAsync(ErrorCode.TokenInvalid, 0, "a new key");
        ScriptedSession last = await AcceptAsync(0);
        await last.DeliverAsync("lobby", 1, "1");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        string[] told = _chat.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, told.Length);
        Assert.StartsWith("relay chat: connection lost: ", told[1], StringComparison.Ordinal);
        Assert.Equal("relay chat: still not connected: full (1009 TooManyConnections); reconnecting\u2026", told[2]);
        Assert.StartsWith("relay chat: connected again to ", told[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_PortOfSomethingElse_AsksForTheRightOne()
    {
        Task<int> chat = RunAsync("", "lobby");
        ScriptedSession session = await _edge.AcceptAsync();
        await session.ReadSignInAsync();
        await session.SendRawAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        Assert.Equal(ClientExitCode.Connection, await chat.WaitAsync(ScriptedSession.Deadline));
        string line = Assert.Single(_chat.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"relay chat: {_edge.Endpoint}: it does not answer as an edge does", line, StringComparison.Ordinal);
        Assert.EndsWith("is it the right port?", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_TokenExpiresInTheSessionAndThereIsAnother_IsNotTold()
    {
        Task<int> chat = RunAsync("", "lobby", "--count", "1");
        ScriptedSession session = await AcceptAsync(0);
        await session.CloseAsync(ErrorCode.TokenExpired, 0, "expired");
        ScriptedSession second = await AcceptAsync(0);
        await second.DeliverAsync("lobby", 1, "1");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.DoesNotContain("connection lost", _chat.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("again", _chat.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_TokenExpiresInTheSessionAndTheNextIsNoBetter_IsToldAtOnce()
    {
        Task<int> chat = RunAsync("", "lobby", "--count", "1");
        ScriptedSession session = await AcceptAsync(0);
        await session.CloseAsync(ErrorCode.TokenExpired, 0, "expired");
        ScriptedSession refusing = await _edge.AcceptAsync();
        await refusing.ReadSignInAsync();
        await refusing.CloseAsync(ErrorCode.TokenExpired, 0, "expired");
        await _chat.Error.WaitForAsync("connection lost: expired (2001 TokenExpired); reconnecting\u2026").WaitAsync(ScriptedSession.Deadline);
        ScriptedSession third = await AcceptAsync(0);
        await _chat.Error.WaitForAsync("connected again to").WaitAsync(ScriptedSession.Deadline);
        await third.DeliverAsync("lobby", 1, "1");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
    }

    [Fact]
    public async Task Chat_NeverConnected_HasNoCounts()
    {
        Task<int> chat = RunAsync("", "--room", "lobby");
        for (int i = 0; i < 2; i++)
        {
            ScriptedSession session = await _edge.AcceptAsync();
            await session.ReadSignInAsync();
            await session.CloseAsync(ErrorCode.TokenExpired, 0);
        }

        await chat.WaitAsync(ScriptedSession.Deadline);
        Assert.DoesNotContain("published", _chat.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Must", "R-VOID-1")]
    public async Task Chat_HistoryIsNothingButAVoid_ShowsNothingAndEnds()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--from-start");
        ScriptedSession session = await AcceptAsync(6, topSeq: 7);
        await session.VoidAsync("lobby", 7);
        await session.ExpectAsync(FrameType.Close);
        await session.DisposeAsync();
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.EndsWith("received 0, gaps 0\n", _chat.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _chat.Output.Length);
    }

    [Fact]
    [Trait("Must", "R-VOID-1")]
    public async Task Chat_CountAndAVoid_IsNotCounted()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--count", "2", "--quiet");
        ScriptedSession session = await AcceptAsync(0);
        await session.DeliverAsync("lobby", 1, "1");
        await session.VoidAsync("lobby", 2);
        await session.DeliverAsync("lobby", 3, "3");
        Assert.Equal(ClientExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal("1\n3\n", Encoding.UTF8.GetString(_chat.Output.ToArray()));
    }

    private Task<int> RunAsync(string input, params string[] arguments) =>
        _chat.StartAsync(input, [.. arguments, "--edge", _edge.Endpoint.ToString()]);

    private async Task<ScriptedSession> AcceptAsync(ulong fromSeq, ulong? topSeq = null)
    {
        ScriptedSession session = await _edge.AcceptReadyAsync();
        await session.GrantJoinAsync(fromSeq, topSeq ?? fromSeq);
        return session;
    }
}

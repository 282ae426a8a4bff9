using System.CommandLine;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using RelayServer.Cli.Chat;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

public sealed class ChatTests : IAsyncLifetime
{
    private readonly ScriptedEdge _edge = new();
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
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
        Assert.Equal(ChatExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.EndsWith("published 4, acked 4, received 0, gaps 0\n", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _output.Length);
    }

    [Fact]
    public async Task Chat_ReceivedInAPipe_IsExactlyTheText()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--count", "3", "--quiet");
        ScriptedSession session = await AcceptAsync(0);
        await session.DeliverAsync("lobby", 1, "a\tb\r", "", "\u001b[31mé");
        Assert.Equal(ChatExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal("a\tb\r\n\n\u001b[31mé\n", Encoding.UTF8.GetString(_output.ToArray()));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Chat_Json_HasTheFields()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--count", "1", "--json");
        ScriptedSession session = await AcceptAsync(41);
        await session.DeliverAsync("lobby", 42, "say \"é\"");
        Assert.Equal(ChatExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        JsonElement line = JsonDocument.Parse(_output.ToArray()).RootElement;
        Assert.Equal("lobby", line.GetProperty("room").GetString());
        Assert.Equal(1, line.GetProperty("epoch").GetInt32());
        Assert.Equal(42, line.GetProperty("seq").GetInt32());
        Assert.Equal("alice", line.GetProperty("from").GetString());
        Assert.Equal("say \"é\"", line.GetProperty("text").GetString());
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), line.GetProperty("at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("good\n0123456789A\nnever\n", "line 2 is longer than the limit of 10 bytes")]
    [InlineData("good\nbad \u00ff\nnever\n", "line 2 is not UTF-8")]
    public async Task Chat_BadLine_IsNamedAndEverythingBeforeItIsAcked(string latin1, string message)
    {
        _edge.Welcome = new ScriptedWelcome { PayloadBytesMax = 10 };
        Task<int> chat = RunAsync(Encoding.Latin1.GetBytes(latin1), "--room", "lobby");
        ScriptedSession session = await AcceptAsync(0);
        var sent = await session.ExpectPublishesAsync(1);
        await session.AckAsync("lobby", sent[0].ProducerId, 1);
        await session.ExpectAsync(FrameType.Close);
        Assert.Equal(ChatExitCode.Input, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Contains(message, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("published 1, acked 1", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_FromStartWithoutInput_PrintsTheHistoryAndLeaves()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--from-start");
        ScriptedSession session = await AcceptAsync(0, topSeq: 2);
        await session.DeliverAsync("lobby", 1, "one", "two");
        Assert.Equal(ChatExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal("one\ntwo\n", Encoding.UTF8.GetString(_output.ToArray()));
    }

    [Fact]
    public async Task Chat_GapNotice_IsCountedAndTold()
    {
        Task<int> chat = RunAsync("", "--room", "lobby", "--count", "1", "--from-start");
        ScriptedSession session = await AcceptAsync(0, topSeq: 9);
        await session.GapAsync("lobby", 0, 8, GapReason.Trimmed);
        await session.DeliverAsync("lobby", 9, "nine");
        Assert.Equal(ChatExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Contains("missing 8 messages after 0", _error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("received 1, gaps 1\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_PublishRefused_ExitsWithItsCode()
    {
        Task<int> chat = RunAsync("no\n", "--room", "lobby");
        ScriptedSession session = await AcceptAsync(0);
        await session.ExpectPublishesAsync(1);
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", 1);
        Assert.Equal(ChatExitCode.Refused, await chat.WaitAsync(ScriptedSession.Deadline));
        Assert.Contains("line 1 was refused", _error.ToString(), StringComparison.Ordinal);
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

        Assert.Equal(ChatExitCode.Token, await chat.WaitAsync(ScriptedSession.Deadline));
    }

    [Fact]
    public async Task Chat_OutputClosedByItsReader_EndsWithTheNextMessage()
    {
        using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        output.DisposeLocalCopyOfClientHandle();
        Task<int> chat = RunAsync(""u8.ToArray(), output, "--room", "lobby", "--listen");
        ScriptedSession session = await AcceptAsync(0);
        await session.DeliverAsync("lobby", 1, "one");
        Assert.Equal(ChatExitCode.Done, await chat.WaitAsync(ScriptedSession.Deadline));
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
        Assert.DoesNotContain("published", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(string input, params string[] arguments) => RunAsync(Encoding.UTF8.GetBytes(input), arguments);

    private Task<int> RunAsync(byte[] input, params string[] arguments) => RunAsync(input, _output, arguments);

    private Task<int> RunAsync(byte[] input, Stream output, params string[] arguments)
    {
        var console = new ChatConsole
        {
            Input = new MemoryStream(input),
            Output = output,
            Error = _error,
            InputIsTerminal = false,
            OutputIsTerminal = false,
        };
        Command command = ChatCommand.Create(() => console, name => name == ChatToken.Variable ? "secret" : null);
        return command.Parse([.. arguments, "--edge", _edge.Endpoint.ToString()]).InvokeAsync();
    }

    private async Task<ScriptedSession> AcceptAsync(ulong fromSeq, ulong? topSeq = null)
    {
        ScriptedSession session = await _edge.AcceptReadyAsync();
        await session.GrantJoinAsync(fromSeq, topSeq ?? fromSeq);
        return session;
    }
}

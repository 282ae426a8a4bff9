using System.Text;
using RelayServer.Cli.Chat;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

public sealed class ChatPublisherTests : IAsyncLifetime
{
    private readonly ScriptedEdge _edge = new();
    private readonly ChatCounts _counts = new();
    private readonly TaskCompletionSource<(string Line, string Reason)> _refused =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RelayClient? _client;
    private ScriptedSession? _session;

    public async ValueTask InitializeAsync()
    {
        _client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [_edge.Endpoint],
            TokenProvider = _ => ValueTask.FromResult("secret"),
        });
        Task connecting = _client.ConnectAsync(CancellationToken.None);
        _session = await _edge.AcceptReadyAsync();
        await connecting.WaitAsync(ScriptedSession.Deadline);
        Task<RelaySubscription> joining = _client.JoinAsync("lobby", JoinFrom.Live, CancellationToken.None);
        await _session.GrantJoinAsync(0, 0);
        await joining.WaitAsync(ScriptedSession.Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _edge.DisposeAsync();
    }

    [Fact]
    public async Task Publish_LineRefused_IsToldAtOnceAndTheNextOnesGoOn()
    {
        await using var publisher = CreatePublisher();
        await publisher.PublishAsync(Line(1, "no"), CancellationToken.None);
        var sent = (await _session!.ExpectPublishesAsync(1))[0];
        await _session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", sent.Number);
        (string line, string reason) = await _refused.Task.WaitAsync(ScriptedSession.Deadline);
        Assert.Equal("no", line);
        Assert.Contains("Forbidden", reason, StringComparison.Ordinal);

        await publisher.PublishAsync(Line(2, "yes"), CancellationToken.None);
        sent = (await _session.ExpectPublishesAsync(1))[0];
        await _session.AckAsync("lobby", sent.ProducerId, sent.Number);
        await publisher.FinishAsync(CancellationToken.None).WaitAsync(ScriptedSession.Deadline);
        Assert.Equal((2, 1, 1), (_counts.Published, _counts.Acked, _counts.Refused));
    }

    [Fact]
    public async Task Dispose_OneAckedOneRefusedOneUnderWay_KnowsThemApart()
    {
        ChatPublisher publisher = CreatePublisher();
        await publisher.PublishAsync(Line(1, "acked"), CancellationToken.None);
        await publisher.PublishAsync(Line(2, "refused"), CancellationToken.None);
        await publisher.PublishAsync(Line(3, "under way"), CancellationToken.None);
        var sent = await _session!.ExpectPublishesAsync(3);
        await _session.AckAsync("lobby", sent[0].ProducerId, sent[0].Number);
        await _session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", sent[1].Number);
        await _refused.Task.WaitAsync(ScriptedSession.Deadline);
        await publisher.DisposeAsync();
        Assert.Equal((3, 1, 1), (_counts.Published, _counts.Acked, _counts.Refused));
    }

    [Fact]
    public async Task PublishAll_RefusedWhileTheInputIsOpen_EndsWithoutAnotherLine()
    {
        var input = new System.IO.Pipelines.Pipe();
        await using var publisher = new ChatPublisher(_client!, "lobby", _counts, onRefused: null);
        Task publishing = publisher.PublishAllAsync(input.Reader.AsStream(), CancellationToken.None);
        await input.Writer.WriteAsync("no\n"u8.ToArray());
        var sent = (await _session!.ExpectPublishesAsync(1))[0];
        await _session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", sent.Number);
        var failure = await Assert.ThrowsAsync<ChatFailureException>(() => publishing.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal(ChatExitCode.Refused, failure.ExitCode);
        Assert.StartsWith("line 1 was refused", failure.Message, StringComparison.Ordinal);
    }

    private ChatPublisher CreatePublisher() => new(
        _client!, "lobby", _counts, (line, reason) => _refused.TrySetResult((Encoding.UTF8.GetString(line.Bytes), reason)));

    private static InputLine Line(long number, string text) => new(number, Encoding.UTF8.GetBytes(text));
}

using System.Text;
using RelayServer.Cli.Chat;
using RelayServer.Cli.Connections;
using RelayServer.IntegrationTests.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Cli;

public sealed class ChatPublisherTests : ScriptedClientTests
{
    private readonly ChatCounts _counts = new();
    private readonly TaskCompletionSource<(string Line, string Reason)> _refused =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Publish_LineRefused_IsToldAtOnceAndTheNextOnesGoOn()
    {
        (_, ScriptedSession session) = await JoinAsync();
        await using var publisher = CreatePublisher();
        await publisher.PublishAsync(Line(1, "no"), CancellationToken.None);
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", sent.Number);
        (string line, string reason) = await _refused.Task.WaitAsync(ScriptedSession.Deadline);
        Assert.Equal("no", line);
        Assert.Contains("Forbidden", reason, StringComparison.Ordinal);

        await publisher.PublishAsync(Line(2, "yes"), CancellationToken.None);
        sent = (await session.ExpectPublishesAsync(1))[0];
        await session.AckAsync("lobby", sent.ProducerId, sent.Number);
        await publisher.FinishAsync(CancellationToken.None).WaitAsync(ScriptedSession.Deadline);
        Assert.Equal((2, 1, 1), (_counts.Published, _counts.Acked, _counts.Refused));
    }

    [Fact]
    public async Task Dispose_OneAckedOneRefusedOneUnderWay_KnowsThemApart()
    {
        (_, ScriptedSession session) = await JoinAsync();
        ChatPublisher publisher = CreatePublisher();
        await publisher.PublishAsync(Line(1, "acked"), CancellationToken.None);
        await publisher.PublishAsync(Line(2, "refused"), CancellationToken.None);
        await publisher.PublishAsync(Line(3, "under way"), CancellationToken.None);
        var sent = await session.ExpectPublishesAsync(3);
        await session.AckAsync("lobby", sent[0].ProducerId, sent[0].Number);
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", sent[1].Number);
        await _refused.Task.WaitAsync(ScriptedSession.Deadline);
        await publisher.DisposeAsync();
        Assert.Equal((3, 1, 1), (_counts.Published, _counts.Acked, _counts.Refused));
    }

    [Fact]
    public async Task PublishAll_RefusedWhileTheInputIsOpen_EndsWithoutAnotherLine()
    {
        (_, ScriptedSession session) = await JoinAsync();
        var input = new System.IO.Pipelines.Pipe();
        await using var publisher = new ChatPublisher(Client, "lobby", _counts, onRefused: null);
        Task publishing = publisher.PublishAllAsync(input.Reader.AsStream(), CancellationToken.None);
        await input.Writer.WriteAsync("no\n"u8.ToArray());
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", sent.Number);
        var failure = await Assert.ThrowsAsync<CommandFailureException>(() => publishing.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal(ClientExitCode.Refused, failure.ExitCode);
        Assert.StartsWith("line 1 was refused", failure.Message, StringComparison.Ordinal);
    }

    private ChatPublisher CreatePublisher() => new(
        Client, "lobby", _counts, (line, e) => _refused.TrySetResult((Encoding.UTF8.GetString(line.Bytes), e.Message)));

    private static InputLine Line(long number, string text) => new(number, Encoding.UTF8.GetBytes(text));
}

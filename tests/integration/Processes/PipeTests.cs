using System.Text;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>The main job, as a user does it: a file piped in at one edge comes out of the other, whole and in order.</summary>
public sealed class PipeTests
{
    private const int Lines = 100_000;

    [Fact]
    public void TextFile_OfThisRepository_HasWhatRealTextsHave()
    {
        string[] lines = Encoding.UTF8.GetString(TextFile.Lines(Lines)).Split('\n');
        Assert.Equal(Lines + 1, lines.Length);
        Assert.Contains(lines[..^1], line => line.Length == 0);
        Assert.Contains(lines, line => line.Length > 1_000);
        Assert.Contains(lines, line => line.Contains("채팅", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("🛒", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_FileOf100000LinesAcrossTwoEdgesOfOneProcess_ComesOutByteForByte()
    {
        using var folder = new TemporaryFolder();
        await using RelayProcess relay = RelayProcess.Start(
            "--data", folder.Path, "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        string first = await relay.WaitForAsync(@"edge 1\s+(\S+)");
        string second = await relay.WaitForAsync(@"edge 2\s+(\S+)");

        await PipeAsync(first, second, ["--data", folder.Path]);
    }

    [Fact]
    public async Task Chat_FileOf100000LinesAcrossTwoEdgesOnRedis_ComesOutByteForByte()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        await using ScaledRelay relay = await ScaledRelay.StartAsync(redis.Endpoint, folder);

        await PipeAsync(relay.FirstEdge, relay.SecondEdge, ["--token-file", relay.TokenFile]);
    }

    [Fact]
    public async Task Chat_RelayKilledInTheMiddleOfAFile_EveryAckedLineIsInTheHistoryOnceAndInOrder()
    {
        byte[] text = TextFile.Lines(Lines);
        using var folder = new TemporaryFolder();
        int firstPort = RedisServer.FindFreePort();
        int secondPort = RedisServer.FindFreePort();
        string[] serve =
        [
            "--data", folder.Path, "--listen", $"127.0.0.1:{firstPort}", "--listen", $"127.0.0.1:{secondPort}", "--http", "127.0.0.1:0",
        ];
        string[] chat = ["chat", "--room", "lobby", "--data", folder.Path, "--edge", $"127.0.0.1:{firstPort}"];

        RelayProcess relay = RelayProcess.Start(serve);
        await relay.WaitForAsync(@"edge 2\s+(\S+)");
        await using RelayProcess publisher = RelayProcess.StartPiped(chat);
        Task drain = publisher.Output.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        Task writing = WriteAsync(publisher, text);

        // A witness says when the middle has come.
        await using (RelayProcess witness = RelayProcess.StartPiped([.. chat, "--from-start", "--count", $"{Lines / 3}"]))
        {
            await witness.Output.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
            Assert.Equal(0, await witness.WaitForExitAsync());
        }

        await relay.KillAsync();
        Assert.False(writing.IsCompleted, "the whole file was read before the relay was killed");
        await relay.DisposeAsync();
        await using RelayProcess again = RelayProcess.Start(serve);
        await again.WaitForAsync(@"edge 2\s+(\S+)");
        await writing;
        await drain;
        Assert.True(await publisher.WaitForExitAsync() == 0, publisher.Printed);

        await using RelayProcess reader = RelayProcess.StartPiped([.. chat, "--from-start", "--count", $"{Lines}"]);
        using var received = new MemoryStream();
        await reader.Output.CopyToAsync(received, TestContext.Current.CancellationToken);
        Assert.True(await reader.WaitForExitAsync() == 0, reader.Printed);
        Assert.True(text.AsSpan().SequenceEqual(received.ToArray()), "the history differs from the file");
    }

    private static async Task PipeAsync(string from, string to, string[] token)
    {
        byte[] text = TextFile.Lines(Lines);
        await using RelayProcess receiver = RelayProcess.StartPiped(
            ["chat", "--room", "lobby", "--edge", to, "--from-start", "--count", $"{Lines}", .. token]);
        using var received = new MemoryStream();
        Task receiving = receiver.Output.CopyToAsync(received, TestContext.Current.CancellationToken);
        await using RelayProcess publisher = RelayProcess.StartPiped(["chat", "--room", "lobby", "--edge", from, .. token]);
        Task drain = publisher.Output.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        await WriteAsync(publisher, text);
        await drain;
        Assert.True(await publisher.WaitForExitAsync() == 0, publisher.Printed);
        await receiving;
        Assert.True(await receiver.WaitForExitAsync() == 0, receiver.Printed);
        Assert.True(text.AsSpan().SequenceEqual(received.ToArray()), "the output differs from the file");
    }

    private static async Task WriteAsync(RelayProcess process, byte[] text)
    {
        await process.Input.BaseStream.WriteAsync(text, TestContext.Current.CancellationToken);
        process.Input.Close();
    }
}

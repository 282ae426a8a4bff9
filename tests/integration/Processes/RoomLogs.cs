using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>All logs of a room, read from the store: each generation soon after it ended, for the relay does not keep them for ever.</summary>
internal sealed class RoomLogs : IAsyncDisposable
{
    private const int PageBytes = 1024 * 1024;

    private readonly string _room;
    private readonly RedisFabric _fabric;
    private readonly Channel<ulong> _ended = Channel.CreateUnbounded<ulong>();
    private readonly Task _reading;

    private RoomLogs(string room, RedisFabric fabric)
    {
        _room = room;
        _fabric = fabric;
        _reading = ReadAsync();
    }

    /// <summary>Complete after <see cref="FinishAsync"/>.</summary>
    public Dictionary<(ulong Generation, uint Partition), List<LoggedEntry>> Entries { get; } = [];

    public ulong LastGeneration { get; private set; }

    public static async Task<RoomLogs> OpenAsync(string redis, string room) => new(
        room, await RedisFabric.ConnectAsync(new RedisFabricOptions { Endpoints = redis }, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));

    /// <summary>Nothing is added to this generation any more.</summary>
    public void Ended(ulong generation) => _ended.Writer.TryWrite(generation);

    /// <summary>Nothing is added to any: this is the last one.</summary>
    public async Task FinishAsync(ulong lastGeneration)
    {
        LastGeneration = lastGeneration;
        Ended(lastGeneration);
        _ended.Writer.Complete();
        await _reading;
    }

    /// <summary>How a generation was divided when it began.</summary>
    public Partitioning DivisionOf(ulong generation) =>
        generation == 0 ? Partitioning.Whole(0) : Entries[(generation, 0)][0].Notice!.To;

    /// <summary>How many partitions it had in the end.</summary>
    public int PartitionsOf(ulong generation) => Entries.Keys.Count(key => key.Generation == generation);

    public async ValueTask DisposeAsync()
    {
        _ended.Writer.TryComplete();
        await _fabric.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        await foreach (ulong generation in _ended.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            // Partitions that came later are there as far as they are.
            for (uint partition = 0; await ReadAsync(generation, partition) is { Count: > 0 } entries; partition++)
            {
                Entries.Add((generation, partition), entries);
            }
        }
    }

    private async Task<List<LoggedEntry>> ReadAsync(ulong generation, uint partition)
    {
        var entries = new List<LoggedEntry>();
        Position at = default;
        LogPage page;
        do
        {
            Position after = at;
            page = await FabricRetry.RunAsync(
                () => _fabric.ReadFromAsync(
                    new LogKey(_room, generation, partition), after.Epoch, after.Seq + 1, PageBytes, TestContext.Current.CancellationToken),
                TimeSpan.FromMilliseconds(100), static _ => { }, TimeProvider.System, TestContext.Current.CancellationToken);
            foreach (LogEntry entry in page.Entries)
            {
                Take(entry, entries);
                at = new Position(generation, partition, entry.Epoch, entry.LastSeq);
            }
        }
        while (page.HasMore);
        return entries;
    }

    private static void Take(in LogEntry entry, List<LoggedEntry> entries)
    {
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body));
        foreach (DeliverMessage message in body)
        {
            bool isText = message.Kind == MessageKind.Text;
            entries.Add(new LoggedEntry(
                body.First with { Seq = message.Seq },
                message.Kind,
                Encoding.UTF8.GetString(message.From),
                isText ? Encoding.UTF8.GetString(message.Payload) : "",
                message.Kind == MessageKind.Split ? SplitNotice.Decode(message.Payload) : null));
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using RelayServer.Client;
using RelayServer.IntegrationTests.Processes;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>Members of one room at several edges, all of whom talk; what they hear is held against the logs.</summary>
internal sealed class TalkingGuests : IAsyncDisposable
{
    private readonly string _room;
    private readonly string[] _edgeNames;
    private readonly RoomGuest[] _guests;
    private readonly ConcurrentDictionary<string, Position> _acked = [];
    private int _talks;

    private TalkingGuests(string room, string[] edgeNames, RoomGuest[] guests)
    {
        _room = room;
        _edgeNames = edgeNames;
        _guests = guests;
    }

    public static async Task<TalkingGuests> JoinAsync(string room, string[] edgeNames, IPEndPoint[] edges, int guests) => new(
        room, edgeNames, await Task.WhenAll(Enumerable.Range(0, guests).Select(index => RoomGuest.JoinAsync(edges[index % edges.Length], $"guest-{index}", room))));

    /// <summary>Everybody says so many things, one after the other is acked.</summary>
    public Task TalkAsync(int messagesEach)
    {
        int talk = _talks++;
        return Task.WhenAll(_guests.Select(async guest =>
        {
            for (int i = 0; i < messagesEach; i++)
            {
                string text = $"{guest.Client.UserId} {talk}.{i}";
                _acked[text] = await guest.PublishAsync(_room, text);
            }
        }));
    }

    /// <summary>Everything that was acked is in the logs once, and each has heard the logs that they were in, whole and in order.</summary>
    public async Task JudgeAsync(string redis, ulong lastGeneration)
    {
        await using RoomLogs logs = await RoomLogs.OpenAsync(redis, _room);
        for (ulong generation = 0; generation < lastGeneration; generation++)
        {
            logs.Ended(generation);
        }

        await logs.FinishAsync(lastGeneration);
        new LogsJudge(logs).CheckLogs();
        Assert.Equal(
            _acked.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)),
            logs.Entries.Values.SelectMany(log => log).Where(entry => entry.Kind == MessageKind.Text).OrderBy(entry => entry.Text).Select(entry => (entry.Text, entry.At)));
        for (int guest = 0; guest < _guests.Length; guest++)
        {
            await JudgeAsync(logs, guest);
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_guests.Select(guest => guest.DisposeAsync().AsTask()));

    private async Task JudgeAsync(RoomLogs logs, int index)
    {
        RoomGuest guest = _guests[index];
        byte[] user = Encoding.UTF8.GetBytes(guest.Client.UserId!);
        string edge = _edgeNames[index % _edgeNames.Length];
        uint lastPartition = logs.DivisionOf(logs.LastGeneration).PartitionOf(user, edge);
        Position end = logs.Entries[(logs.LastGeneration, lastPartition)][^1].At;
        await guest.HearAsync<RelayEntry>(entry => entry.Position == end);

        Position have = guest.From;
        foreach (RelayEvent next in guest.Events)
        {
            Assert.False(next is RelayGap, $"a gap at {have}");
            if (next is RelayMoved moved)
            {
                CheckMove(logs, have, moved.To, last => last.PartitionOf(user, edge));
                have = moved.To;
            }
            else if (next is RelayEntry entry)
            {
                LoggedEntry logged = logs.Entries[(have.Generation, have.Partition)][(int)have.Seq];
                Assert.Equal((logged.At, logged.Text), (entry.Position, (entry as RelayMessage)?.Text ?? ""));
                have = logged.At;
            }
        }

        Assert.Equal(end, have);
    }

    private static void CheckMove(RoomLogs logs, Position have, Position to, Func<Partitioning, uint> partitionIn)
    {
        if (to.Generation == have.Generation)
        {
            // When it was split the master had not heard again of this edge, which has got a partition of its own since.
            Assert.Equal(SplitMode.Edges, logs.DivisionOf(have.Generation).Mode);
            Assert.NotEqual(have.Partition, to.Partition);
            return;
        }

        LoggedEntry last = logs.Entries[(have.Generation, have.Partition)][^1];
        Assert.True(last.At == have && last.Ends, $"moved from {have} to {to}, and the log goes on to {last.At}");
        Assert.Equal((have.Generation + 1, partitionIn(last.Notice!.To), 0UL), (to.Generation, to.Partition, to.Seq));
    }
}

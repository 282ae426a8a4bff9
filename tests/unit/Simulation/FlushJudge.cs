using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Holds what a flush appends to a room against the rules of splits: a generation ends in all its logs at once and the
/// next begins in all of its own; what is said to everybody is in each log once, all else in the one where it belongs.
/// </summary>
internal sealed class FlushJudge
{
    private readonly Dictionary<string, RoomHistory> _rooms = [];
    private readonly Dictionary<(string Channel, MessageName Name), HashSet<string>> _sentThrough = [];
    private readonly HashSet<string> _broadcasters = [];

    public int Broadcasts { get; private set; }

    /// <summary>Users whose messages go to every partition.</summary>
    public void AddBroadcaster(string user) => _broadcasters.Add(user);

    public RoomHistory Room(string channel)
    {
        if (!_rooms.TryGetValue(channel, out RoomHistory? room))
        {
            room = new RoomHistory();
            _rooms.Add(channel, room);
        }

        return room;
    }

    public int Switches => _rooms.Values.Sum(room => room.Switches);

    /// <summary>A client has sent a message, maybe once more, through an edge.</summary>
    public void Sent(string channel, MessageName name, string edge)
    {
        if (!_sentThrough.TryGetValue((channel, name), out HashSet<string>? edges))
        {
            edges = [];
            _sentThrough.Add((channel, name), edges);
        }

        edges.Add(edge);
    }

    /// <summary>A flush was done: what it appended to the logs of one room, in order, and the room's state if that came with it.</summary>
    public void Flushed(string channel, ulong flush, IReadOnlyList<(SimulatedLog Log, CommittedMessage Message)> appended, RoomState? saved)
    {
        RoomHistory room = Room(channel);
        Partitioning before = room.State.Current;
        if (saved is not null)
        {
            room.Keep(saved);
        }

        Partitioning now = room.State.Current;
        int beganWith = before.Count;
        if (now.Generation != before.Generation)
        {
            beganWith = Switched(channel, before, now, appended, saved);
            room.Switches++;
        }

        foreach ((SimulatedLog log, CommittedMessage message) in appended)
        {
            bool isOld = log.Key.Generation == before.Generation && now.Generation == before.Generation + 1;
            Assert.True(log.Key.Generation == now.Generation || isOld, $"{log.Key}: {message} while the room is at {now.Generation}");
            Assert.True(log.Key.Partition < room.Division(log.Key.Generation)!.Count, $"{log.Key}: no such partition");
            bool isFirst = message.At.Seq == 1 && log.Key.Generation > 0;
            Assert.True(!isFirst || message.Kind == MessageKind.Split, $"{log.Key} begins with {message}");
        }

        foreach (var one in appended.Where(one => one.Message.Kind != MessageKind.Void && one.Message.Name.Number > 0)
            .GroupBy(one => (one.Message.Name, one.Log.Key.Generation)))
        {
            Said(channel, one.Key.Name, one.ToArray(), one.Key.Generation == before.Generation ? before.Count : beganWith);
            if (!room.Flushes.TryAdd(one.Key.Name, flush))
            {
                room.Doubled.Add(one.Key.Name);
            }
        }
    }

    // How many partitions the new generation begins with.
    private static int Switched(
        string channel, Partitioning before, Partitioning now, IReadOnlyList<(SimulatedLog Log, CommittedMessage Message)> appended, RoomState? saved)
    {
        Assert.True(now.Generation == before.Generation + 1, $"{channel}: from generation {before.Generation} to {now.Generation}");
        Assert.NotNull(saved);
        SplitNotice[] ends = [.. appended.Where(one => one.Log.Key.Generation == before.Generation && one.Message.Ends is not null)
            .DistinctBy(one => one.Log.Key.Partition).Select(one => one.Message.Ends!)];
        SplitNotice?[] begins = [.. appended.Where(one => one.Log.Key.Generation == now.Generation && one.Message.At.Seq == 1)
            .DistinctBy(one => one.Log.Key.Partition).Select(one => SplitNotice.Decode(one.Message.Payload))];

        // An edge may have come in the same flush, before the switch or after it.
        SplitNotice notice = Assert.IsType<SplitNotice>(ends.FirstOrDefault());
        Assert.Equal(notice.FromCount, ends.Length);
        Assert.Equal(now.Count, begins.Length);
        Assert.True(notice.FromCount >= before.Count && (notice.FromCount == before.Count || before.Mode == SplitMode.Edges));
        foreach (SplitNotice? one in ends.Concat(begins))
        {
            Assert.True(one is not null && (one.To.Generation, one.To.Mode) == (now.Generation, now.Mode) && one.To.Count <= now.Count);
            bool hasSizes = now.Mode == SplitMode.Groups;
            Assert.True(hasSizes ? one.Sizes.Count == now.Count && one.Sizes.Sum(size => size) >= now.Count : one.Sizes.Count == 0 || one.Sizes.Count == one.To.Count);
        }

        return notice.To.Count;
    }

    // An edge may have come in the same flush: then what was said before it is in one partition less.
    private void Said(string channel, MessageName name, (SimulatedLog Log, CommittedMessage Message)[] places, int partitionsMin)
    {
        RoomHistory room = Room(channel);
        ulong generation = places[0].Log.Key.Generation;
        uint[] partitions = [.. places.Select(place => place.Log.Key.Partition).Order()];
        MessageKind kind = places[0].Message.Kind;
        Assert.True(partitions.Distinct().Count() == partitions.Length, $"{channel}: {name} is twice in one log");
        bool isForAll = kind is MessageKind.Room or MessageKind.Split || _broadcasters.Contains(name.User);
        if (isForAll)
        {
            Assert.True(
                partitions.Length >= partitionsMin && partitions[^1] == partitions.Length - 1,
                $"{channel}: {name} is for everybody, and only in partitions {string.Join(", ", partitions)} of {partitionsMin}");
            Broadcasts += partitions.Length > 1 ? 1 : 0;
            if (kind != MessageKind.Split)
            {
                room.Broadcasts[name] = (generation, places.ToDictionary(place => place.Log.Key.Partition, place => place.Message.At.Seq));
            }

            return;
        }

        Assert.True(partitions.Length == 1, $"{channel}: {name} is a member's, and in partitions {string.Join(", ", partitions)}");
        Partitioning division = room.Division(generation)!;
        bool isAtHome = _sentThrough[(channel, name)].Any(edge => division.PartitionOf(Encoding.UTF8.GetBytes(name.User), edge) == partitions[0]);
        Assert.True(isAtHome, $"{channel}: {name} is in partition {partitions[0]} of generation {generation}, where its sender never was");
    }
}

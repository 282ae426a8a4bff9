using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>How a world must be when it has healed.</summary>
internal sealed class WorldEnd(SimulatedWorld world, IReadOnlyList<SimulatedClient> clients, IReadOnlyList<string> channels)
{
    // Longer than an outcome is kept.
    private const ulong ForgottenMilliseconds = 61_000;

    /// <summary>Nothing of what was done is kept for longer than it is of use.</summary>
    public static void CheckMemory(SimulatedMaster master, IEnumerable<SimulatedEdge> edges)
    {
        master.Skip(ForgottenMilliseconds);
        Assert.Equal((0, 0, 0), master.Held);
        Assert.All(edges, edge => Assert.Equal((0, 0), edge.Held));
    }

    /// <summary>What was asked when nothing was wrong any more is done.</summary>
    public void CheckProbes() => CheckCommands(command => command.IsProbe);

    private void CheckCommands(Predicate<ClientCommand> isMeant)
    {
        foreach (SimulatedClient client in clients)
        {
            ClientCommand[] pending = [.. client.Commands.Pending.Where(command => isMeant(command))];
            Assert.True(pending.Length == 0, $"{client} has commands without an outcome at {world.Time.Now}: {string.Join("; ", pending.Select(command => world.Calls!.Describe(client.User, command)))}");
        }
    }

    /// <summary>Everybody is up to date, and nothing was said twice.</summary>
    public void Check()
    {
        CheckCommands(_ => true);
        foreach (SimulatedClient client in clients)
        {
            Assert.True(client.Pending.Count == 0, $"{client} has publishes without an answer: {string.Join("; ", client.Pending)}");
            foreach (ClientRoom room in client.Rooms.Where(room => room.IsWanted))
            {
                Assert.True(room.IsJoined, $"{client} is not in {room.Channel}");
                CheckPlaces(client, room);
                world.Judge.AssertHeardAllBroadcasts(room);
            }
        }

        foreach ((LogKey key, SimulatedLog log) in world.Store.Logs)
        {
            Assert.True(log.Doubled.Count == 0 || log.WasTrimmed, $"{key}: logged twice: {string.Join(", ", log.Doubled)}");
        }

        foreach (string channel in channels)
        {
            List<MessageName> doubled = world.Rooms.Room(channel).Doubled;
            bool wasTrimmed = world.Store.Logs.Values.Concat(world.Store.Dropped.Values).Any(log => log.Key.Channel == channel && log.WasTrimmed);
            Assert.True(doubled.Count == 0 || wasTrimmed, $"{channel}: logged twice: {string.Join(", ", doubled)}");
        }
    }

    // Where it belongs, and at the end of that log; of an observer in every partition.
    private void CheckPlaces(SimulatedClient client, ClientRoom room)
    {
        Partitioning division = world.Rooms.Room(room.Channel).State.Current;
        uint[] partitions = room.IsObserver
            ? [.. Enumerable.Range(0, division.Count).Select(partition => (uint)partition)]
            : [division.PartitionOf(Encoding.UTF8.GetBytes(client.User), client.Edge)];
        Assert.True(
            room.Places.Keys.SequenceEqual(partitions) && room.Places.Values.All(place => place.Generation == division.Generation),
            $"{client}, {room}: is at {string.Join(" ", room.Places.Values.Select(ClientRoom.Short))} and belongs in {string.Join(", ", partitions)} of {division.Generation}");
        Assert.True(room.IsObserver || division.Mode != SplitMode.Edges || division.Edges.Contains(client.Edge), $"{client}: {client.Edge} has no partition");
        foreach (Position place in room.Places.Values)
        {
            SimulatedLog log = world.Store.Log(new LogKey(room.Channel, place.Generation, place.Partition));
            Position top = log.Top;
            Assert.True(
                place == top || (place.Seq == 0 && top.Seq == 0),
                $"{client}, {room}: has {ClientRoom.Short(place)}, the log ends at {world.Time.Now} with {log.Ever[(top.Epoch, top.Seq)]}");
        }
    }
}

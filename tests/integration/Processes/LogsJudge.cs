using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>Holds the logs of a room against the rules of splits, and against what was acked.</summary>
internal sealed class LogsJudge(RoomLogs logs)
{
    private readonly Dictionary<string, List<LoggedEntry>> _places = [];

    /// <summary>Generations by mode.</summary>
    public Dictionary<SplitMode, int> Modes { get; } = [];

    /// <summary>Texts to every partition that there was.</summary>
    public int BroadcastsToSeveral { get; private set; }

    public void CheckLogs()
    {
        for (ulong generation = 0; generation <= logs.LastGeneration; generation++)
        {
            Partitioning division = logs.DivisionOf(generation);
            Modes[division.Mode] = Modes.GetValueOrDefault(division.Mode) + 1;
            int partitions = logs.PartitionsOf(generation);
            Assert.True(partitions == division.Count || (division.Mode == SplitMode.Edges && partitions > division.Count), $"generation {generation}");
            for (uint partition = 0; partition < partitions; partition++)
            {
                CheckLog(generation, partition, division);
            }
        }
    }

    /// <summary>What was acked is where the ack says, and nowhere else but where it belongs; each member's in its order.</summary>
    public void CheckPublishes(WanderingMember member)
    {
        foreach ((string text, Position at) in member.Acked)
        {
            Assert.True(_places.TryGetValue(text, out List<LoggedEntry>? places), $"'{text}' was acked at {at} and is in no log");
            Assert.True(places.TrueForAll(place => place.From == member.User && place.At.Generation == at.Generation), $"'{text}' is in several generations");
            Assert.True(places[0].At == at, $"'{text}' was acked at {at} and is at {places[0].At}");
            Partitioning division = logs.DivisionOf(at.Generation);
            if (member.Broadcasts)
            {
                uint[] partitions = [.. places.Select(place => place.At.Partition)];
                Assert.True(
                    partitions.Length >= division.Count && partitions.SequenceEqual(Enumerable.Range(0, partitions.Length).Select(partition => (uint)partition)),
                    $"'{text}' is for everybody and in partitions {string.Join(", ", partitions)} of {division.Count}");
                BroadcastsToSeveral += partitions.Length > 1 ? 1 : 0;
                continue;
            }

            Assert.True(places.Count == 1, $"'{text}' is {places.Count} times in the logs");
            uint group = division.Mode == SplitMode.Edges ? at.Partition : division.PartitionOf(Encoding.UTF8.GetBytes(member.User), "");
            Assert.True(at.Partition == group, $"'{text}' is in partition {at.Partition}, and its sender in {group}");
        }
    }

    /// <summary>Texts that every member has to have heard once: name and place.</summary>
    public static IEnumerable<string> BroadcastTexts(IEnumerable<WanderingMember> members) =>
        members.Where(member => member.Broadcasts).SelectMany(member => member.Acked).Select(acked => acked.Text);

    private void CheckLog(ulong generation, uint partition, Partitioning division)
    {
        List<LoggedEntry> entries = logs.Entries[(generation, partition)];
        for (int i = 0; i < entries.Count; i++)
        {
            LoggedEntry entry = entries[i];
            Assert.True(entry.At.Seq == (ulong)i + 1, $"{entry.At} is in place {i + 1}");
            bool isEnd = i == entries.Count - 1 && generation < logs.LastGeneration;
            Assert.True(entry.Ends == isEnd, $"{entry.At}: {(isEnd ? "the last is no split message" : "something follows the split message")}");
            Assert.True(!isEnd || entry.Notice!.To.Generation == generation + 1, $"{entry.At} leads to {entry.Notice?.To.Generation}");
            if (entry.Kind == MessageKind.Text)
            {
                if (!_places.TryGetValue(entry.Text, out List<LoggedEntry>? places))
                {
                    places = [];
                    _places.Add(entry.Text, places);
                }

                places.Add(entry);
            }
        }

        Assert.True(generation == 0 || entries[0] is { Kind: MessageKind.Split, Notice: { } begins } && begins.To.Generation == generation, $"{entries[0].At} does not say how it is divided");
        Assert.True(entries[0].Notice is not { } notice || generation == 0 || notice.To.Mode == division.Mode);
    }
}

using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>
/// Walks with a member through the logs: every message of each log that it was in, from where it came in to where it left,
/// in order and once; and it left only where the log ends, or from one edge's partition to another's.
/// </summary>
internal sealed class MemberJudge(RoomLogs logs, IReadOnlyCollection<string> broadcasts)
{
    /// <summary>Messages that were given where they should be.</summary>
    public long Delivered { get; private set; }

    public int Switches { get; private set; }

    public int EdgeMoves { get; private set; }

    public void Check(WanderingMember member)
    {
        CheckGaps(member);
        Position have = member.From;
        var texts = new HashSet<string>();
        foreach (HeardEvent heard in member.Heard)
        {
            if (heard.IsMove)
            {
                CheckMove(member, have, heard);
            }
            else
            {
                Assert.True(
                    heard.At with { Epoch = 0 } == have with { Epoch = 0, Seq = have.Seq + 1 },
                    $"{member.User} was given {heard.At} after {have}");
                CheckMessage(member, heard);
                Assert.True(heard.Text.Length == 0 || texts.Add(heard.Text), $"{member.User} was given '{heard.Text}' twice, now at {heard.At}");
                Delivered++;
            }

            have = heard.At;
        }

        LoggedEntry last = logs.Entries[(have.Generation, have.Partition)][^1];
        Assert.True(have.Generation == logs.LastGeneration && last.At == have, $"{member.User} ends at {have}, and the log at {last.At}");
        foreach (string text in broadcasts)
        {
            Assert.True(texts.Contains(text), $"{member.User} never heard '{text}'");
        }
    }

    private static void CheckGaps(WanderingMember member) => Assert.True(
        member.Gaps.Count == 0, $"{member.User} was told of {string.Join(", ", member.Gaps.Select(gap => $"{gap.Reason} {gap.After} {gap.Until}"))}");

    /// <summary>An observer has every log whole, from where it came in.</summary>
    public void CheckObserver(WanderingMember observer)
    {
        CheckGaps(observer);
        var read = new Dictionary<(ulong, uint), ulong> { [(observer.From.Generation, observer.From.Partition)] = observer.From.Seq };
        foreach (HeardEvent heard in observer.Heard.Where(heard => !heard.IsMove))
        {
            (ulong, uint) log = (heard.At.Generation, heard.At.Partition);
            Assert.True(heard.At.Seq == read.GetValueOrDefault(log) + 1, $"the observer was given {heard.At} after {read.GetValueOrDefault(log)}");
            CheckMessage(observer, heard);
            read[log] = heard.At.Seq;
            Delivered++;
        }

        foreach (((ulong Generation, uint Partition) log, List<LoggedEntry> entries) in logs.Entries)
        {
            Assert.True(read.GetValueOrDefault(log) == entries[^1].At.Seq, $"the observer has {read.GetValueOrDefault(log)} of {entries[^1].At}");
        }
    }

    private void CheckMessage(WanderingMember member, HeardEvent heard)
    {
        LoggedEntry logged = logs.Entries[(heard.At.Generation, heard.At.Partition)][(int)heard.At.Seq - 1];
        Assert.True(logged.At == heard.At && logged.Text == heard.Text, $"{member.User} was given '{heard.Text}' at {heard.At}, where '{logged.Text}' is");
    }

    private void CheckMove(WanderingMember member, Position have, in HeardEvent heard)
    {
        Position to = heard.At;
        LoggedEntry last = logs.Entries[(have.Generation, have.Partition)][^1];
        if (to.Generation == have.Generation)
        {
            Partitioning division = logs.DivisionOf(have.Generation);
            Assert.True(division.Mode == SplitMode.Edges && to.Partition != have.Partition, $"{member.User} moved from {have} to {to}");
            EdgeMoves++;
            return;
        }

        Assert.True(last.At == have && last.Ends, $"{member.User} moved from {have} to {to}, and the log goes on to {last.At}");
        Partitioning next = last.Notice!.To;
        byte[] user = Encoding.UTF8.GetBytes(member.User);
        string? edge = heard.Edge;
        IEnumerable<string> edges = edge is null ? ThreeEdges.Names : [edge];
        Assert.True(
            to.Generation == have.Generation + 1 && to.Seq == 0 && edges.Any(name => next.PartitionOf(user, name) == to.Partition),
            $"{member.User} at {edge} moved from {have} to {to} of {next.Mode} {string.Join("/", next.Edges)}");
        Switches++;
    }
}

using System.Text;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Master.Links;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Master;

/// <summary>Which edge gets which log of a room that is divided by edges.</summary>
public sealed class AudienceTests : IDisposable
{
    private const int Steps = 2000;
    private const int EdgeCount = 12;

    private readonly ChannelState _channel = new("room"u8.ToArray(), 1, new MasterOptions());
    private readonly EdgeLink[] _links = [.. Enumerable.Range(0, EdgeCount).Select(i => new EdgeLink(Encoding.UTF8.GetBytes($"edge{i % (EdgeCount - 2)}-{i}"), (ulong)i + 1))];
    private readonly HashSet<EdgeLink> _observing = [];

    [Fact]
    public void AddInterest_RoomOfManyEdges_ChangesOnlyWhatConcernsThatEdge()
    {
        const int Edges = Partitioning.PartitionsMax;
        EdgeLink[] links = [.. Enumerable.Range(0, Edges).Select(i => new EdgeLink(Encoding.UTF8.GetBytes($"edge{i}-{i}"), (ulong)i + 1))];
        Restore(Partitioning.ByEdges(1, [.. links.Select(link => link.EdgeName)]));
        HashSet<EdgeLink>[] sets = [.. _channel.Partitions.Select(log => log.Recipients)];
        foreach (EdgeLink link in links)
        {
            _channel.AddInterest(link, observes: false);
        }

        Assert.All(_channel.Partitions, log => Assert.Equal([links[log.Key.Partition]], log.Recipients));
        Assert.All(_channel.Partitions, log => Assert.Same(sets[log.Key.Partition], log.Recipients));
    }

    [Fact]
    public void Restore_EdgesCameWhileTheRoomWasRead_EachGetsItsOwnPartition()
    {
        _channel.AddInterest(_links[0], observes: false);
        _channel.AddInterest(_links[1], observes: false);
        Restore(Partitioning.ByEdges(1, [_links[0].EdgeName, _links[1].EdgeName]));
        Assert.Equal([_links[0]], _channel.Partitions[0].Recipients);
        Assert.Equal([_links[1]], _channel.Partitions[1].Recipients);
    }

    [Fact]
    public void Recipients_AfterAnyChanges_AreThoseThatGetThePartition()
    {
        var random = new Random((int)(TestSeed.Choose() % int.MaxValue));
        for (int step = 0; step < Steps; step++)
        {
            Change(random);
            HashSet<EdgeLink> closed = _channel.Closed.Count == 0 ? [] : _channel.Closed[^1].Recipients;
            foreach (PartitionLog log in _channel.Partitions)
            {
                Assert.Equal(_channel.Interested.Where(link => Gets(link, log.Key.Partition)).ToHashSet(), log.Recipients);
                Assert.NotSame(closed, log.Recipients);
            }
        }
    }

    public void Dispose() => _channel.Dispose();

    private void Change(Random random)
    {
        EdgeLink link = _links[random.Next(_links.Length)];
        ulong next = _channel.Division.Generation + 1;
        switch (random.Next(20))
        {
            case 0:
                _channel.Switch(Partitioning.Whole(next));
                break;
            case 1:
                _channel.Switch(Partitioning.ByEdges(next, [.. _links.Take(random.Next(1, 4)).Select(each => each.EdgeName)]));
                break;
            case 2:
                Restore(_channel.Division);
                break;
            case < 7 when _channel.Division.Mode == SplitMode.Edges && _channel.Division.PartitionOfEdge(link.EdgeName) is null:
                _channel.AddEdge(link.EdgeName);
                break;
            case < 12:
                _channel.RemoveInterest(link);
                _observing.Remove(link);
                break;
            default:
                bool observes = random.Next(4) == 0;
                _channel.AddInterest(link, observes);
                _ = observes ? _observing.Add(link) : _observing.Remove(link);
                break;
        }
    }

    private bool Gets(EdgeLink link, uint partition) =>
        _channel.Division.Mode != SplitMode.Edges
        || _observing.Contains(link)
        || _channel.Division.Edges.ToList().IndexOf(link.EdgeName) is var own && (own < 0 || own == partition);

    private void Restore(Partitioning division)
    {
        var state = new RoomState();
        while (state.Current.Generation + 1 < division.Generation)
        {
            state.Begin(Partitioning.Whole(state.Current.Generation + 1));
        }

        if (division.Generation > 0)
        {
            state.Begin(division);
        }

        _channel.Restore(state);
    }
}

using System.Text;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class PresenceTableTests
{
    [Fact]
    public void Update_SeveralEdges_AreSummed()
    {
        var table = new PresenceTable<string>();
        Assert.True(table.Update("e1", 3, [1, 2], Users("a", "b", "c")));
        Assert.True(table.Update("e2", 3, [0, 5, 7], null));
        Assert.True(table.Update("e3", 2, [10], null));

        Assert.Equal(25u, table.Total);
        Assert.Equal([1u, 7u], table.Counts(3, 2));
        Assert.Equal([10u, 0u], table.Counts(2, 2));
        Assert.Equal(3, table.EdgeCount);
        Assert.Null(table.Names);
    }

    [Fact]
    public void Update_TheSameAgain_IsNoChange()
    {
        var table = new PresenceTable<string>();
        Assert.True(table.Update("e1", 0, [2], Users("a", "b")));
        Assert.False(table.Update("e1", 0, [2], Users("b", "a")));
        Assert.True(table.Update("e1", 0, [2], Users("a", "c")));
        Assert.True(table.Update("e1", 1, [2], Users("a", "c")));
        Assert.True(table.Update("e1", 1, [2], null));
        Assert.False(table.Update("e1", 1, [2], null));
        Assert.True(table.Update("e1", 1, [], null));
        Assert.False(table.Update("e1", 1, [0, 0], null));
    }

    [Fact]
    public void Remove_Edge_TakesItsMembersWithIt()
    {
        var table = new PresenceTable<string>();
        table.Update("e1", 0, [2], Users("a", "b"));
        table.Update("e2", 0, [1], Users("b"));
        Assert.Equal(["a", "b"], Texts(table.Names!));

        Assert.True(table.Remove("e1"));
        Assert.False(table.Remove("e1"));
        Assert.Equal(1u, table.Total);
        Assert.Equal(["b"], Texts(table.Names!));
    }

    [Fact]
    public void SetCounted_SilentEdge_IsLeftOutUntilItSpeaksAgain()
    {
        var table = new PresenceTable<string>();
        table.Update("e1", 0, [2], Users("a", "b"));
        table.Update("e2", 0, [300], null);
        Assert.True(table.SetCounted("e2", false));
        Assert.False(table.SetCounted("e2", false));
        Assert.False(table.SetCounted("e3", false));
        Assert.Equal(2u, table.Total);
        Assert.Equal([2u], table.Counts(0, 1));
        Assert.Equal(["a", "b"], Texts(table.Names!));
        Assert.Equal(2, table.EdgeCount);

        Assert.True(table.SetCounted("e2", true));
        Assert.Equal(302u, table.Total);
        table.SetCounted("e2", false);
        Assert.True(table.Update("e2", 0, [300], null));
        Assert.Equal(302u, table.Total);
    }

    [Fact]
    public void TakeChange_SmallRoom_NamesWhoCameAndWent()
    {
        var table = new PresenceTable<string>();
        table.Update("e1", 0, [1], Users("a"));
        Assert.True(table.TakeChange(50).IsEmpty);

        table.Update("e1", 0, [2], Users("a", "c"));
        table.Update("e2", 0, [1], Users("b"));
        PresenceChange change = table.TakeChange(50);
        Assert.Equal(["b", "c"], Texts(change.Joined));
        Assert.Empty(change.Left);
        Assert.True(table.TakeChange(50).IsEmpty);

        table.Remove("e1");
        Assert.Equal(["a", "c"], Texts(table.TakeChange(50).Left));
    }

    [Fact]
    public void TakeChange_AnotherSessionOrAnotherEdge_IsNobodysComingOrGoing()
    {
        var table = new PresenceTable<string>();
        table.Update("e1", 0, [1], Users("a"));
        table.TakeChange(50);
        table.Update("e2", 0, [1], Users("a"));
        Assert.True(table.TakeChange(50).IsEmpty);
        table.Remove("e1");
        Assert.True(table.TakeChange(50).IsEmpty);
    }

    [Fact]
    [Trait("Must", "R-PRES-2")]
    public void TakeChange_RoomThatWasLarge_AnnouncesNobodyWhoWasThere()
    {
        var table = new PresenceTable<string>();
        table.Update("e1", 0, [1], Users("a"));
        table.TakeChange(2);
        table.Update("e1", 0, [3], Users("a", "b", "c"));
        Assert.True(table.TakeChange(2).IsEmpty);
        table.Update("e1", 0, [2], Users("b", "c"));
        Assert.True(table.TakeChange(2).IsEmpty);
        table.Update("e1", 0, [1], Users("c"));
        Assert.Equal(["b"], Texts(table.TakeChange(2).Left));
        Assert.True(table.TakeChange(0).IsEmpty);
    }

    [Fact]
    public void Update_BeyondTheBounds_IsNotTaken()
    {
        var table = new PresenceTable<int>();
        table.Update(0, 0, new uint[1000].Select(_ => 1u).ToArray(), Users([.. Enumerable.Range(0, 201).Select(i => "u" + i)]));
        Assert.Equal(128u, table.Total);
        Assert.Null(table.Names);

        for (int edge = 1; edge < PresenceTable<int>.EdgesMax; edge++)
        {
            Assert.True(table.Update(edge, 0, [1], null));
        }

        Assert.False(table.Update(-1, 0, [1], null));
        Assert.True(table.Update(1, 0, [2], null));
        Assert.True(table.Update(1, 0, [uint.MaxValue, 7], null));
        Assert.Equal(uint.MaxValue, table.Total);
        Assert.Equal(PresenceTable<int>.EdgesMax, table.EdgeCount);
    }

    [Fact]
    public void Update_ManyEdges_LooksAtNoOtherThanTheOneThatTells()
    {
        const int Edges = 1000;
        const long SummedMax = 2;
        var table = new PresenceTable<int>();
        for (int edge = 0; edge < Edges; edge++)
        {
            table.Update(edge, 0, [3, 4], null);
        }

        long before = table.Summed;
        table.Update(7, 0, [1, 1], null);
        Assert.InRange(table.Summed - before, 0, SummedMax);
        table.SetCounted(8, false);
        table.Remove(9);
        Assert.InRange(table.Summed - before, 0, 3 * SummedMax);
        Assert.Equal((7u * (Edges - 3)) + 2, table.Total);
    }

    [Fact]
    public void Total_AfterAnyChanges_IsTheSumOfWhatEdgesTold()
    {
        var random = new Random((int)(TestSeed.Choose() % int.MaxValue));
        var table = new PresenceTable<int>();
        var told = new Dictionary<int, (ulong Members, bool IsCounted)>();
        for (int step = 0; step < 2000; step++)
        {
            int edge = random.Next(6);
            switch (random.Next(6))
            {
                case 0:
                    table.Remove(edge);
                    told.Remove(edge);
                    break;
                case 1 when told.TryGetValue(edge, out (ulong Members, bool IsCounted) known):
                    table.SetCounted(edge, !known.IsCounted);
                    told[edge] = known with { IsCounted = !known.IsCounted };
                    break;
                default:
                    uint[] counts = [(uint)random.Next(100), random.Next(5) == 0 ? uint.MaxValue : 1];
                    table.Update(edge, 0, counts, null);
                    told[edge] = ((ulong)counts[0] + counts[1], true);
                    break;
            }

            ulong all = told.Values.Where(each => each.IsCounted).Aggregate(0UL, (sum, each) => sum + each.Members);
            Assert.Equal((uint)Math.Min(all, uint.MaxValue), table.Total);
        }
    }

    private static byte[][] Users(params string[] users) => [.. users.Select(Stage.Id)];

    private static IEnumerable<string> Texts(IEnumerable<byte[]> users) => users.Select(Encoding.UTF8.GetString);
}

using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Rooms that split and merge themselves, by their settings.</summary>
public sealed class AutoSplitTests : IDisposable
{
    private const string Room = "room";
    private static readonly string[] s_users = [.. Enumerable.Range(0, 30).Select(i => $"user-{i}")];
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private ulong _number;

    public AutoSplitTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        _bench.Flush();
        _bench.Pass(6000, _a);
    }

    [Fact]
    public void Tick_ManyMembersAndThenFew_SplitsIntoGroupsOfTheTargetAndMerges()
    {
        SetAuto();
        Tell(30);
        AnswerCensus();
        Assert.Equal((SplitMode.Groups, 3), (Saved.Current.Mode, Saved.Current.Count));
        Assert.True(Saved.PolicyAuto);
        Assert.Equal(1, _bench.Counters.Splits(SplitMode.Groups));

        // Between the thresholds it stays as it is.
        Tell(15, 0, 0);
        Pass(15_000);
        Assert.Equal(1UL, Saved.Current.Generation);
        Tell(5, 0, 0);
        Pass(3000);
        Assert.Equal((SplitMode.Whole, 2UL), (Saved.Current.Mode, Saved.Current.Generation));
        Assert.Equal(1, _bench.Counters.Merges);
    }

    [Fact]
    public void Tick_ManyMessagesOfMembers_Splits()
    {
        SetAuto((RoomSetting.AutoSplitMessagesPerSecond, 20), (RoomSetting.AutoMergeMessagesPerSecond, 5));
        Tell(4);
        Pass(2000);
        for (ulong i = 0; i < 40; i++)
        {
            _a.Speak(Room, i + 1, "shop", Role.Service);
        }

        Assert.Empty(Pass(2000).SelectMany(relay => relay.Censuses));
        for (ulong i = 0; i < 40; i++)
        {
            _a.Speak(Room, i + 1, "ann");
        }

        AnswerCensus(4);
        Assert.Equal((SplitMode.Groups, 2), (Saved.Current.Mode, Saved.Current.Count));
    }

    [Fact]
    public void Tick_WithinTheDwellOfASwitch_Waits()
    {
        SetAuto();
        Tell(30);
        AnswerCensus();
        Tell(1, 0, 0);
        Pass(8000);
        Assert.Equal(1UL, Saved.Current.Generation);
        Pass(3000);
        Assert.Equal(2UL, Saved.Current.Generation);
    }

    [Fact]
    public void Own_PolicyInTheRecord_IsFoundAndALoadCountsAsASwitch()
    {
        SetAuto();
        _bench.Own(2);
        Assert.Equal(0, _bench.Core.AutoSplitCount);
        EdgeVoice b = _bench.Edge("b-0002");
        b.Interest(Room);
        _bench.Load();
        _bench.Flush();
        b.Presence(Room, 0, [30], null);
        Assert.Equal(1, _bench.Core.AutoSplitCount);
        Assert.Empty(_bench.Pass(8000, b).SelectMany(relay => relay.Censuses));
        Assert.Single(_bench.Pass(3000, b).SelectMany(relay => relay.Censuses));
    }

    [Fact]
    public void Counted_PolicyEndedOrMembersGoneMeanwhile_IsNotSplit()
    {
        _a.Control(Room, RoomControl.Create("Sale"), ++_number);
        _a.Control(Room, RoomControl.Start(), ++_number);
        SetAuto();
        Tell(30);
        AnswerCensus(members: 2);
        Assert.Equal(0UL, Saved.Current.Generation);
        ulong ticket = Ticket();
        _a.Control(Room, RoomControl.End(), ++_number);
        _a.Census(Room, ticket, s_users);
        Assert.Empty(Pass(3000).SelectMany(relay => relay.Errors));
        Assert.Equal((0UL, false), (Saved.Current.Generation, Saved.PolicyAuto));
        Assert.Equal(0, _bench.Core.AutoSplitCount);
    }

    [Fact]
    public void Control_SplitByHand_EndsThePolicyAndIsNotMerged()
    {
        SetAuto();
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        Pass(30_000);
        Assert.Equal((SplitMode.Edges, 1UL, false), (Saved.Current.Mode, Saved.Current.Generation, Saved.PolicyAuto));
        Assert.Equal(0, _bench.Core.AutoSplitCount);
        Assert.Equal((1, 2), (_bench.Counters.Splits(SplitMode.Edges), _bench.Counters.Controls(ControlVerb.Split)));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void Control_MergeWhileWhole_EndsThePolicyAndIsToldAsAChange()
    {
        SetAuto();
        _a.Control(Room, RoomControl.Merge(), ++_number);
        RelayView relay = Assert.Single(Pass(250), relay => relay.Acks.Count > 0);
        Assert.Equal(_number, Assert.Single(relay.Acks).Number);
        Assert.Equal((0UL, MessageKind.Room, _number), Assert.Single(relay.Messages.Select(message => (message.Generation, message.Kind, message.Number))));
        Assert.Equal((0UL, false), (Saved.Current.Generation, Saved.PolicyAuto));
        Assert.Equal((1, 0L), (_bench.Counters.Controls(ControlVerb.Merge), _bench.Counters.Merges));

        // Nothing is left to end.
        _a.Control(Room, RoomControl.Merge(), ++_number);
        Assert.Equal(ErrorCode.Conflict, Assert.Single(_bench.Flush().SelectMany(flushed => flushed.Errors)).Code);
        Tell(30);
        Assert.Empty(Pass(15_000).SelectMany(flushed => flushed.Censuses));
        Assert.Equal(0, _bench.Core.AutoSplitCount);
    }

    [Fact]
    public void Control_AutoWithoutTheRight_IsRefusedAndNotWatched()
    {
        _a.Control(Room, RoomControl.SplitAutomatically(), ++_number, user: "mallory", role: Role.Member);
        Assert.Equal(ErrorCode.Forbidden, Assert.Single(_bench.Flush().SelectMany(relay => relay.Errors)).Code);
        Assert.Equal(0, _bench.Core.AutoSplitCount);
        Assert.Equal(0, _bench.Counters.Controls(ControlVerb.Split));
    }

    [Fact]
    public void Control_ThatChangesNothing_IsLoggedAndSavesNoRecord()
    {
        _a.Control(Room, RoomControl.Pin(new RoomProduct("cup", "Cup", 950, "EUR", 10, "")), ++_number);
        Pass(250);
        Assert.Single(Saved.Products);
        _a.Control(Room, RoomControl.Purchase("cup", 1), ++_number);
        Assert.Equal(_number, Assert.Single(_bench.Flush().SelectMany(relay => relay.Acks)).Number);
        Assert.Equal((1, 0), (_bench.LastFlush.Appends.Count, _bench.LastFlush.Records.Count));
    }

    public void Dispose() => _bench.Dispose();

    private RoomState Saved => _bench.Saved(Room);

    private void SetAuto(params (RoomSetting Setting, ulong Value)[] more)
    {
        (RoomSetting Setting, ulong Value)[] settings =
        [
            (RoomSetting.AutoSplitMembers, 20), (RoomSetting.AutoMergeMembers, 10), (RoomSetting.AutoTargetMembers, 10), (RoomSetting.AutoDwellSeconds, 10), .. more,
        ];
        _a.Control(Room, RoomControl.Set([.. settings.Select(setting => new RoomSettingValue(setting.Setting, setting.Value))]), ++_number);
        Pass(5000);
        _a.Control(Room, RoomControl.SplitAutomatically(), ++_number);
        Assert.Empty(Pass(250).SelectMany(relay => relay.Errors));
    }

    private void Tell(params uint[] counts)
    {
        ulong generation = _bench.IsSaved(Room) ? Saved.Current.Generation : 0;
        _a.Presence(Room, generation, counts, null);
    }

    private void AnswerCensus(int members = 30)
    {
        _a.Census(Room, Ticket(), s_users[..members]);
        Pass(250);
    }

    // An edge answers at once.
    private ulong Ticket()
    {
        for (int quarters = 0; quarters < 8; quarters++)
        {
            if (Pass(250).SelectMany(relay => relay.Censuses).ToArray() is [var ticket])
            {
                return ticket;
            }
        }

        throw new InvalidOperationException("The members are not being counted.");
    }

    private List<RelayView> Pass(ulong milliseconds) => _bench.Pass(milliseconds, _a);
}

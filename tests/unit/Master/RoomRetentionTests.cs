using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>A room's own retention counts for all its logs, and what has ended in its state goes.</summary>
public sealed class RoomRetentionTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new(options => options.EdgeTimeoutMilliseconds = 600_000);
    private readonly EdgeVoice _a;
    private ulong _number;

    public RoomRetentionTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    public void Set_FewerMessages_OfAClosedLogTheExcessLeavesToo()
    {
        Speak(20);
        Control(RoomControl.SplitByEdges());
        Control(RoomControl.Set(RoomSetting.RetentionMessages, 5));
        _bench.Core.Tick(_bench.Now);
        List<RelayView> relays = _bench.Flush();
        Assert.Equal(5, _bench.Log(Room).Count);
        Assert.Contains(relays.SelectMany(relay => relay.Trimmed), trimmed => trimmed.First == new Position(0, 0, 1, 17));
    }

    [Fact]
    public void Set_FewerMessagesInAQuietRoom_TheExcessLeavesWithoutAnotherMessage()
    {
        Speak(20);
        Control(RoomControl.Set(RoomSetting.RetentionMessages, 5));
        _bench.Core.Tick(_bench.Now);
        _bench.Flush();
        Assert.Equal(5, _bench.Log(Room).Count);
        _bench.Core.Tick(_bench.Now);
        _bench.Flush();
        Assert.Empty(_bench.LastFlush.Trims);
    }

    [Fact]
    public void Tick_ClosedGenerationsBeyondTheRoomsLimit_TheOldestIsDropped()
    {
        Control(RoomControl.Set(RoomSetting.RetentionMessages, 5));
        Speak(4);
        Control(RoomControl.SplitByEdges());
        Speak(4);
        Control(RoomControl.Merge());
        _bench.Core.Tick(_bench.Now);
        _bench.Flush();
        Assert.Equal([new LogKey(Room, 0, 0)], _bench.LastFlush.Drops);
        Assert.Equal([1UL, 2UL], _bench.Saved(Room).Generations.Select(generation => generation.Generation));
    }

    [Fact]
    public void Set_FewerHours_OfAClosedLogWhatIsTooOldLeaves()
    {
        Speak(2);
        Control(RoomControl.SplitByEdges());
        Control(RoomControl.Set(RoomSetting.RetentionHours, 1));
        _bench.Now += 3_600_001;
        _bench.Core.Tick(_bench.Now);
        _bench.Flush();
        Assert.Empty(_bench.Log(Room));
        Assert.Equal(1UL, Assert.Single(_bench.Saved(Room).Generations).Generation);
    }

    [Fact]
    public void Tick_RestrictionsAndDeletionsThatHaveEnded_LeaveTheRecordOnce()
    {
        Speak(1);
        Control(RoomControl.Mute("ann", 60));
        Control(RoomControl.Ban("ben", 60));
        Control(RoomControl.Ban("cem", 600));
        Control(RoomControl.Set(RoomSetting.RetentionHours, 1));
        Control(RoomControl.Delete("ann", 7, 1));
        ulong version = _bench.Saved(Room).Version;
        _bench.Now += 61_000;
        Tick();
        Assert.Single(_bench.LastFlush.Records);
        RoomState saved = _bench.Saved(Room);
        Assert.Empty(saved.Mutes);
        Assert.Equal("cem"u8.ToArray(), Assert.Single(saved.Bans).Key);
        Assert.Equal((version, true), (saved.Version, saved.HasDeleted));

        Tick();
        Assert.Empty(_bench.LastFlush.Records);
        _bench.Now += 4 * 3_600_000;
        Tick();
        Assert.Empty(_bench.Saved(Room).Bans);
        Assert.False(_bench.Saved(Room).HasDeleted);
    }

    [Fact]
    public void Set_RetentionOutOfRange_IsRefusedAndNothingLeaves()
    {
        Speak(20);
        _a.Control(Room, RoomControl.Set(RoomSetting.RetentionHours, 87_601), ++_number);
        Assert.Equal(ErrorCode.BadArgument, Assert.Single(_bench.Flush().SelectMany(relay => relay.Errors)).Code);
        Tick();
        Assert.Equal(20, _bench.Log(Room).Count);
    }

    public void Dispose() => _bench.Dispose();

    private void Tick()
    {
        _a.Now = _bench.Now;
        _a.Heartbeat();
        _bench.Core.Tick(_bench.Now);
        _bench.Flush();
    }

    private void Control(RoomControl control)
    {
        _a.Now = _bench.Now;
        _a.Control(Room, control, ++_number);
        Assert.Empty(Flush().Errors);
    }

    private void Speak(int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            _a.Speak(Room, ++_number, "ann");
            Flush();
        }
    }

    private RelayView Flush()
    {
        RelayView relay = Assert.Single(_bench.Flush());
        _a.Confirmed = relay.RelayNo;
        return relay;
    }
}

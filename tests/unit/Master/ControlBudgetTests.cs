using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>What one user's changes of rooms may cost the store and the edges.</summary>
public sealed class ControlBudgetTests : IDisposable
{
    private const string Room = "room";
    private const int BytesPerSecondMax = 64 * 1024;
    private readonly MasterBench _bench = new(options => options.ControlBytesPerSecondMax = BytesPerSecondMax);
    private readonly EdgeVoice _edge;
    private ulong _number;

    public ControlBudgetTests()
    {
        _edge = _bench.Edge("a-0001");
        _edge.Interest(Room);
        _edge.Control(Room, RoomControl.Create("Sale"), ++_number, user: "anna", role: Role.Member);
        _edge.Control(Room, RoomControl.Appoint("max", Role.Host), ++_number, user: "anna", role: Role.Member);
        _edge.Control(Room, RoomControl.Notice(new string('n', RoomLimits.NoticeBytesMax)), ++_number, user: "anna", role: Role.Member);
        _bench.Load();
        _bench.Flush();
    }

    [Theory]
    [InlineData(Role.Member, true)]
    [InlineData(Role.Operator, false)]
    public void Control_ManyOfAFatRoom_WaitWhenTheyCostTooMuch(Role role, bool isLimited)
    {
        string user = role == Role.Member ? "anna" : "house";
        (ulong Session, ErrorCode Code)[] errors = [.. Change(user, role, 100)];
        Assert.Equal(isLimited, errors.Length > 0);
        Assert.All(errors, error => Assert.Equal(ErrorCode.RateLimited, error.Code));

        // The state goes to the store and to one edge; the burst is a second's worth, and one more may begin within it.
        int done = 100 - errors.Length;
        Assert.True(!isLimited || done * 2 * RoomLimits.NoticeBytesMax <= BytesPerSecondMax + (4 * RoomLimits.NoticeBytesMax), $"{done} were done");
    }

    [Fact]
    public void Control_AfterAnotherSpentHisShare_IsDone()
    {
        Assert.NotEmpty(Change("anna", Role.Member, 100));
        Assert.Empty(Change("max", Role.Member, 1));
    }

    [Fact]
    public void Control_AfterTheTimeThatWasTold_IsDoneAndNothingIsRemembered()
    {
        Change("anna", Role.Member, 100);
        _bench.Pass(2000, _edge);
        Assert.Empty(Change("anna", Role.Member, 1));
    }

    [Fact]
    public void Control_ManyInOneFlush_CostOneState()
    {
        _edge.Batch(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                _edge.Control(Room, RoomControl.Ban($"troll-{i}", 60), ++_number, user: "anna", role: Role.Member);
            }
        });
        Assert.Empty(_bench.Flush().SelectMany(relay => relay.Errors));
        Assert.Single(_bench.LastFlush.Records);
    }

    [Fact]
    public void Purchase_ChangesNothing_CostsNothing()
    {
        _edge.Control(Room, RoomControl.Pin(new RoomProduct("mug", "Mug", 100, "EUR", 40, "")), ++_number, user: "anna", role: Role.Member);
        _bench.Flush();
        for (int i = 0; i < 100; i++)
        {
            _edge.Control(Room, RoomControl.Purchase("mug", 1, "bob"), ++_number, user: "anna", role: Role.Member);
            Assert.Empty(_bench.Flush().SelectMany(relay => relay.Errors));
            _edge.Confirmed = 1_000_000;
        }
    }

    public void Dispose() => _bench.Dispose();

    private List<(ulong Session, ErrorCode Code)> Change(string user, Role role, int count)
    {
        List<(ulong Session, ErrorCode Code)> errors = [];
        for (int i = 0; i < count; i++)
        {
            _edge.Control(Room, RoomControl.Set(RoomSetting.SlowModeMilliseconds, (ulong)i), ++_number, user: user, role: role);
            errors.AddRange(_bench.Flush().SelectMany(relay => relay.Errors));
            _edge.Confirmed = 1_000_000;
        }

        return errors;
    }
}

using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>What the room surely never had cannot be deleted; what may have been there can.</summary>
public sealed class DeletionTests : IDisposable
{
    private const string Room = "room";
    private const ulong ProducerId = 7;
    private readonly MasterBench _bench = new(options => options.RetentionMessages = 10);
    private EdgeVoice _a;
    private ulong _number = 1000;

    public DeletionTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        Flush();
    }

    [Fact]
    [Trait("Must", "R-DEL-3")]
    public void Delete_NeverInTheLog_NotFound()
    {
        Speak(1, 3);

        Assert.Equal(ErrorCode.NotFound, Delete("ben", ProducerId, 1));
        Assert.Equal(ErrorCode.NotFound, Delete("ann", 9, 1));
        Assert.Equal(ErrorCode.NotFound, Delete("ann", ProducerId, 2));
        Assert.Equal(ErrorCode.NotFound, Delete("ann", ProducerId, 4));
        Assert.Empty(_bench.LastFlush.Appends);
        Assert.Empty(_bench.LastFlush.Records);

        Assert.Null(Delete("ann", ProducerId, 3));
        Assert.Equal(ErrorCode.Conflict, Delete("ann", ProducerId, 3));
        Assert.True(_bench.Saved(Room).IsDeleted("ann"u8, ProducerId, 3));
    }

    [Fact]
    [Trait("Must", "R-DEL-3")]
    public void Delete_NeverInTheLogOfAnotherMaster_NotFound()
    {
        Speak(1, 3);
        Restart();

        Assert.Equal(ErrorCode.NotFound, Delete("ann", ProducerId, 2));
        Assert.Null(Delete("ann", ProducerId, 1));
    }

    [Fact]
    [Trait("Must", "R-DEL-3")]
    public void Delete_InALogThatHasLostMessages_IsTakenUnlessItsNumberIsAboveAll()
    {
        for (ulong number = 1; number <= 20; number++)
        {
            Speak(number);
        }

        Assert.Null(Delete("ann", ProducerId, 2));
        Assert.Null(Delete("cem", ProducerId, 1));
        Assert.Equal(ErrorCode.NotFound, Delete("ann", ProducerId, 21));
        Restart();
        Assert.Null(Delete("ann", ProducerId, 3));
        Assert.Null(Delete("ann", ProducerId, 20));
        Assert.Equal(ErrorCode.NotFound, Delete("ann", ProducerId, 21));
    }

    [Fact]
    public void Delete_SplitRoomThatHasLostMessages_IsTakenWhateverTheNumber()
    {
        for (ulong number = 1; number <= 20; number++)
        {
            Speak(number);
        }

        Control(RoomControl.SplitByEdges());
        Assert.Null(Delete("ann", ProducerId, 21));
    }

    [Fact]
    public void Delete_SplitRoomThatHasAll_IsKnownInEveryGeneration()
    {
        Speak(1);
        Control(RoomControl.SplitByEdges());
        Speak(2);

        Assert.Equal(ErrorCode.NotFound, Delete("ann", ProducerId, 3));
        Assert.Null(Delete("ann", ProducerId, 1));
        Assert.Null(Delete("ann", ProducerId, 2));
    }

    [Fact]
    public void Delete_NeverThereByOneWhoMayNot_IsForbidden()
    {
        _a.Control(Room, RoomControl.Delete("ann", ProducerId, 1), ++_number, user: "max", role: Role.Member);
        Assert.Equal(ErrorCode.Forbidden, Assert.Single(Flush().Errors).Code);
    }

    public void Dispose() => _bench.Dispose();

    private void Speak(params ulong[] numbers)
    {
        foreach (ulong number in numbers)
        {
            _a.Speak(Room, number, "ann", producerId: ProducerId);
            Assert.Empty(Flush().Errors);
        }
    }

    private void Control(RoomControl control)
    {
        _a.Control(Room, control, ++_number);
        Assert.Empty(Flush().Errors);
    }

    // Null when it was done.
    private ErrorCode? Delete(string user, ulong producerId, ulong number)
    {
        _a.Control(Room, RoomControl.Delete(user, producerId, number), ++_number);
        RelayView relay = Flush();
        Assert.Equal(1, relay.Errors.Count + relay.Places.Count);
        return relay.Errors.Count == 0 ? null : relay.Errors[0].Code;
    }

    private void Restart()
    {
        _bench.Own(2);
        _a = _bench.Edge("c-0003");
        _a.Interest(Room);
        _bench.Load();
        Flush();
    }

    private RelayView Flush()
    {
        RelayView relay = Assert.Single(_bench.Flush(), relay => relay.To == _a.Address);
        _a.Confirmed = relay.RelayNo;
        return relay;
    }
}

using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class AppointTests
{
    // Token's role, role in the room, what counts; by hand.
    [Theory]
    [InlineData(Role.None, Role.None, Role.Member)]
    [InlineData(Role.Viewer, Role.None, Role.Viewer)]
    [InlineData(Role.Member, Role.None, Role.Member)]
    [InlineData(Role.Service, Role.None, Role.Service)]
    [InlineData(Role.Operator, Role.None, Role.Operator)]
    [InlineData(Role.None, Role.Viewer, Role.Viewer)]
    [InlineData(Role.Member, Role.Viewer, Role.Viewer)]
    [InlineData(Role.Viewer, Role.Viewer, Role.Viewer)]
    [InlineData(Role.Service, Role.Viewer, Role.Service)]
    [InlineData(Role.Operator, Role.Viewer, Role.Operator)]
    [InlineData(Role.Viewer, Role.Member, Role.Member)]
    [InlineData(Role.Viewer, Role.Moderator, Role.Moderator)]
    [InlineData(Role.Service, Role.Moderator, Role.Moderator)]
    [InlineData(Role.Service, Role.Member, Role.Service)]
    [InlineData(Role.Member, Role.Host, Role.Host)]
    [InlineData(Role.Operator, Role.Host, Role.Operator)]
    [Trait("Must", "R-ROLE-3")]
    public void RoleOf_TokenAndRoom_TheHighestCounts(Role token, Role room, Role expected)
    {
        var stage = new Stage();
        if (room != Role.None)
        {
            stage.Accepted(Stage.Owner, RoomControl.Appoint("x", room));
        }

        stage.SaveAndLoad();
        Assert.Equal(expected, stage.State.RoleOf(Stage.Id("x"), token));
        Assert.Equal(expected, stage.State.RoleOf(Stage.Id("x"), expected));
    }

    [Fact]
    [Trait("Must", "R-ROLE-3")]
    public void RoleOf_Owner_IsHostWhateverTheToken()
    {
        var stage = new Stage();

        Assert.Equal(Role.Host, stage.State.RoleOf(Stage.Id(Stage.Owner), Role.Viewer));
        Assert.Equal(Role.Operator, stage.State.RoleOf(Stage.Id(Stage.Owner), Role.Operator));
    }

    [Fact]
    [Trait("Must", "R-ROLE-2")]
    public void Apply_AppointByAHost_ReachesUpToModerators()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Host, RoomControl.Appoint("a", Role.Moderator));
        stage.Accepted(Stage.Host, RoomControl.Appoint("a", Role.Viewer));
        stage.Accepted(Stage.Host, RoomControl.Appoint("a", Role.None));
        stage.Refused(ErrorCode.Forbidden, Stage.Host, RoomControl.Appoint("a", Role.Host));
        stage.Refused(ErrorCode.Forbidden, Stage.Host, RoomControl.Appoint(Stage.Host, Role.None));

        stage.Accepted(Stage.Owner, RoomControl.Appoint("b", Role.Host));
        stage.Refused(ErrorCode.Forbidden, Stage.Host, RoomControl.Appoint("b", Role.None));
        stage.Accepted(Stage.Owner, RoomControl.Appoint("b", Role.None));
        stage.Accepted(Stage.Operator, RoomControl.Appoint("b", Role.Host));
    }

    [Fact]
    [Trait("Must", "R-ROLE-2")]
    public void Apply_AppointTheOwner_IsAConflictEvenForOperators()
    {
        var stage = new Stage();
        stage.Refused(ErrorCode.Conflict, Stage.Operator, RoomControl.Appoint(Stage.Owner, Role.Viewer));
        stage.Refused(ErrorCode.Conflict, Stage.Host, RoomControl.Appoint(Stage.Owner, Role.None));
    }

    [Fact]
    public void Apply_DismissSomebodyWithoutRole_IsNotFound()
    {
        new Stage().Refused(ErrorCode.NotFound, Stage.Owner, RoomControl.Appoint("nobody", Role.None));
    }

    [Fact]
    public void Apply_ByAModerator_AppointsNobody()
    {
        new Stage().Refused(ErrorCode.Forbidden, Stage.Moderator, RoomControl.Appoint("x", Role.Viewer));
    }
}

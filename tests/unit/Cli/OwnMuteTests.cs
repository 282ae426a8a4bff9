using RelayServer.Cli.Chat;
using RelayServer.Client;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class OwnMuteTests
{
    [Fact]
    public void Note_Mutes_KeepsTheLastReasonOfOnesOwn()
    {
        var mute = new OwnMute("me");
        Note(mute, RoomControl.Mute("bob", 60, "loud"));
        Assert.Equal("", mute.Reason);
        Note(mute, RoomControl.Mute("me", 60, "spam"));
        Note(mute, RoomControl.Kick("me", "not this"));
        Assert.Equal("spam", mute.Reason);
        Note(mute, RoomControl.Mute("me", 0));
        Assert.Equal("", mute.Reason);
    }

    private static void Note(OwnMute mute, RoomControl control) => mute.Note((RelayRoomChange)RoomEvents.Change(control));
}

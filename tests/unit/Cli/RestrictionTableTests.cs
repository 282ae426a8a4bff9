using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class RestrictionTableTests
{
    [Fact]
    public void Lines_Some_AreATable()
    {
        RoomRestriction[] restrictions =
        [
            new("ann", RestrictionKind.Kick, DateTimeOffset.UnixEpoch, Role.Operator, "calm down"),
            new("benjamin", RestrictionKind.Mute, null, Role.Host, ""),
            new("cem", (RestrictionKind)9, DateTimeOffset.UnixEpoch, (Role)9, "?"),
        ];

        Assert.Equal(
            [
                "USER      IS      UNTIL             BY         REASON",
                "ann       kicked  1970-01-01 00:00  operator   calm down",
                "benjamin  muted   for good          host",
                "cem       9       1970-01-01 00:00  9          ?",
            ],
            RestrictionTable.Lines("sale", restrictions, TimeZoneInfo.Utc));
    }

    [Fact]
    public void Lines_None_SaysSo() => Assert.Equal(["sale: nobody is muted or banned"], RestrictionTable.Lines("sale", [], TimeZoneInfo.Utc));
}

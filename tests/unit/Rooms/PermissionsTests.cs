using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Every verb, role and kind of channel against a table that was written by hand.</summary>
public sealed class PermissionsTests
{
    // One column for each role: none, viewer, member, service, moderator, host, operator.
    private const string Rooms = """
        Join       . x x x x x x
        Observe    . . . . x x x
        Speak      . . x x x x x
        Broadcast  . . . x x x x
        React      . x x x x x x
        Create     . . x x x x x
        Set        . . . . . x x
        Start      . . . . . x x
        End        . . . . . x x
        Split      . . . . x x x
        Merge      . . . . x x x
        Appoint    . . . . . x x
        Mute       . . . . x x x
        Kick       . . . . x x x
        Ban        . . . . x x x
        BanAddress . . . . . . x
        Delete     . . . . x x x
        Notice     . . . x x x x
        Product    . . . x x x x
        Purchase   . . . x x x x
        Status     . x x x x x x
        Members    . . x x x x x
        Restrictions . . . . x x x
        List       . x x x x x x
        Subscribe  . . . . x x x
        Invite     . . . . x x x
        Subscriptions . . x x x x x
        """;

    private const string Topics = """
        Join       . . . . . . x
        Speak      . . . x x x x
        """;

    private const string Inboxes = """
        Join       . x x x x x x
        Speak      . . . x x x x
        Subscribe  . x x x x x x
        Subscriptions . x x x x x x
        """;

    private static readonly Role[] Roles = [Role.None, Role.Viewer, Role.Member, Role.Service, Role.Moderator, Role.Host, Role.Operator];

    [Theory]
    [InlineData(ChannelKind.Room, Rooms)]
    [InlineData(ChannelKind.Topic, Topics)]
    [InlineData(ChannelKind.Inbox, Inboxes)]
    [InlineData((ChannelKind)3, "")]
    [Trait("Must", "R-ROLE-1")]
    public void Allows_WholeMatrix_IsTheTable(ChannelKind kind, string table)
    {
        Dictionary<string, string[]> rows = table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(cells => cells[0], cells => cells[1..]);

        foreach (RoomVerb verb in Enum.GetValues<RoomVerb>())
        {
            foreach (Role role in Roles)
            {
                bool expected = rows.TryGetValue(verb.ToString(), out string[]? cells) && cells[(int)role] == "x";

                Assert.True(expected == Permissions.Allows(role, verb, kind), $"{role} {verb} {kind}");
            }
        }
    }

    [Fact]
    public void Allows_WhatThereIsNot_IsDenied()
    {
        Assert.False(Permissions.Allows((Role)7, RoomVerb.Join, ChannelKind.Room));
        Assert.False(Permissions.Allows((Role)255, RoomVerb.Set, ChannelKind.Room));
        Assert.False(Permissions.Allows(Role.Operator, (RoomVerb)200, ChannelKind.Room));
    }

    [Fact]
    public void Needs_EveryControl_HasARight()
    {
        foreach (ControlVerb verb in Enum.GetValues<ControlVerb>())
        {
            string expected = verb switch
            {
                ControlVerb.ProductRemoved => "Product",
                ControlVerb.Unsubscribe => "Subscribe",
                _ => verb.ToString(),
            };

            Assert.Equal(expected, verb.Needs()?.ToString());
        }

        Assert.Null(((ControlVerb)7).Needs());
    }

    [Fact]
    public void Names_EveryRole_AreReadAsTheyAreWritten()
    {
        string[] names = ["none", "viewer", "member", "service", "moderator", "host", "operator"];

        Assert.Equal(names, Roles.Select(RoleNames.Of));
        Assert.All(Roles, role => Assert.True(RoleNames.TryParse(RoleNames.Of(role), out Role read) && read == role));
        Assert.False(RoleNames.TryParse("Admin", out _));
        Assert.False(RoleNames.TryParse(null, out _));
        Assert.Equal("9", RoleNames.Of((Role)9));
    }
}

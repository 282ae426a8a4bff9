using System.Net;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>More than a thousand users at two edges in groups: how even these are, and where a user is who comes back.</summary>
[Collection(AloneCollection.Name)]
public sealed class LiveRoomGroupsTests
{
    private const string Room = "grouped";
    private const int Users = 1200;
    private const int Groups = 7;
    private const double DifferenceMax = 0.1;

    [Fact]
    public async Task Split_ThousandUsersAtTwoEdges_GroupsAreEvenAndAUsersIsTheSameAtTheOtherEdge()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        WireClient[] users = await JoinAsync([relay.A, relay.B]);
        try
        {
            Task<uint>[] moving = [.. users.Select(MoveAsync)];
            Assert.True((await relay.EdgeA.ControlAsync(Room, RoomControl.SplitIntoGroups(Groups), "root", TestContext.Current.CancellationToken)).IsDone);
            uint[] groups = await Task.WhenAll(moving);

            int[] sizes = [.. groups.CountBy(group => group).OrderBy(group => group.Key).Select(group => group.Value)];
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', sizes));
            Assert.Equal(Groups, sizes.Length);
            Assert.True(sizes.Max() <= (1 + DifferenceMax) * sizes.Min(), string.Join(' ', sizes));

            await DisposeAsync(users);
            users = await SignInAsync([relay.B, relay.A]);
            Assert.Equal(groups, await Task.WhenAll(users.Select(async user => (await user.JoinAsync(Room)).From.Partition)));
        }
        finally
        {
            await DisposeAsync(users);
        }
    }

    private static Task<WireClient[]> SignInAsync(IPEndPoint[] edges) => Task.WhenAll(
        Enumerable.Range(0, Users).Select(index => WireClient.SignInAsync(edges[index % edges.Length], $"user:shopper-{index}")));

    private static async Task<WireClient[]> JoinAsync(IPEndPoint[] edges)
    {
        WireClient[] users = await SignInAsync(edges);
        await Task.WhenAll(users.Select(user => user.JoinAsync(Room)));
        return users;
    }

    // The split message of the room, then where the user goes on, then the split message of the group.
    private static async Task<uint> MoveAsync(WireClient user)
    {
        await user.ReceiveAsync(FrameType.Deliver);
        (_, byte[] gap) = await user.ReceiveAsync(FrameType.Gap);
        Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(gap, out GapBody moved));
        Assert.Equal((GapReason.Moved, 1UL, 0UL), (moved.Reason, moved.Until.Generation, moved.Until.Seq));
        uint group = moved.Until.Partition;
        (_, byte[] first) = await user.ReceiveAsync(FrameType.Deliver);
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(first, out DeliverBody split));
        Assert.Equal((1UL, group, 1UL), (split.First.Generation, split.First.Partition, split.First.Seq));
        return group;
    }

    private static Task DisposeAsync(WireClient[] users) => Task.WhenAll(users.Select(user => user.DisposeAsync().AsTask()));
}

using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>A kicked user is out at every edge, and is told how long that lasts.</summary>
public sealed class LiveRoomKickTests
{
    private const string Room = "calm";
    private const uint KickMilliseconds = 10_000;

    [Fact]
    [Trait("Must", "R-BAN-1")]
    [Trait("Must", "R-BAN-2")]
    public async Task Kick_OfAMemberAtTwoEdges_IsOutForTenSeconds()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WireClient atA = await WireClient.SignInAsync(relay.A, "user:bob");
        await using WireClient atB = await WireClient.SignInAsync(relay.B, "user:bob");
        await Task.WhenAll(atA.JoinAsync(Room), atB.JoinAsync(Room));

        Assert.True((await relay.EdgeA.ControlAsync(Room, RoomControl.Kick("bob", "cool down"), "root", TestContext.Current.CancellationToken)).IsDone);

        foreach (WireClient bob in new[] { atA, atB })
        {
            (_, byte[] body) = await bob.ReceiveAsync(FrameType.Left);
            Assert.Equal(DecodeStatus.Ok, LeftBody.TryDecode(body, out LeftBody left));
            Assert.Equal(ErrorCode.Kicked, left.Code);
            await bob.SendJoinAsync(Room);
            (_, byte[] refused) = await bob.ReceiveAsync(FrameType.Error);
            Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(refused, out ErrorBody error));
            Assert.Equal(ErrorCode.Kicked, error.Code);
            Assert.InRange(error.RetryAfterMilliseconds, 1U, KickMilliseconds);
        }
    }
}

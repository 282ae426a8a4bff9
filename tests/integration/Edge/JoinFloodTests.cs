using System.Text;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>One client that joins and leaves as fast as it can, beside two members who notice nothing.</summary>
public sealed class JoinFloodTests : IDisposable
{
    private const int Rooms = 5000;
    private const int Stride = 100;
    private readonly EdgeGauges _gauges = new("churned-edge");

    [Fact]
    public async Task Join_ThousandsOfRandomRooms_NothingStaysAndOthersAreServed()
    {
        // No more room in the master's memory than the flood fills in a moment.
        await using TestRelay relay = await TestRelay.StartAsync(
            edge =>
            {
                edge.Name = edge.Name == "edge-a" ? "churned-edge" : edge.Name;
                edge.JoinsPerSecondMax = 0;
            },
            master => master.ChannelsMax = 2 * Stride);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        await using RoomMember bob = await RoomMember.JoinAsync(relay.B, "bob", "lobby", 2);
        await using WireClient mallory = await WireClient.SignInAsync(relay.A, "user:mallory");
        ulong number = 0;
        for (int room = 0; room < Rooms; room += Stride)
        {
            // Every tenth is written to, so that something of it has to be kept; all are left again.
            for (int i = room; i < room + Stride; i++)
            {
                await mallory.SendJoinAsync($"flood-{i}");
            }

            await ExpectAsync(mallory, FrameType.Joined, Stride);
            for (int i = room; i < room + Stride; i += 10)
            {
                await mallory.SendPublishAsync($"flood-{i}", 3, (ulong)i + 1, "here");
            }

            await ExpectAsync(mallory, FrameType.PubAck, Stride / 10);
            for (int i = room; i < room + Stride; i++)
            {
                await mallory.SendLeaveAsync($"flood-{i}");
            }

            await ExpectAsync(mallory, FrameType.Left, Stride);
            Assert.Equal(++number, await alice.PublishAsync(number, $"line {number}"));
        }

        await bob.HasMessagesAsync((int)number);
        Assert.Equal((1, 1), (_gauges.Read("relay.edge.channels"), _gauges.Read("relay.edge.memberships")));
    }

    [Fact]
    public async Task Join_MoreRoomsThanTheMasterKeeps_OverloadedUntilOneIsLeft()
    {
        await using TestRelay relay = await TestRelay.StartAsync(master: master => master.ChannelsMax = 20);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        await using WireClient mallory = await WireClient.SignInAsync(relay.B, "user:mallory");
        for (int i = 0; i < 25; i++)
        {
            await mallory.SendJoinAsync($"flood-{i}");
        }

        List<(FrameType Type, byte[] Body)> answers = await AnswersAsync(mallory, 25);
        Assert.Equal(19, answers.Count(answer => answer.Type == FrameType.Joined));
        foreach ((_, byte[] body) in answers.Where(answer => answer.Type == FrameType.Error))
        {
            Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
            Assert.Equal(ErrorCode.Overloaded, error.Code);
            Assert.True(error.RetryAfterMilliseconds > 0);
            Assert.StartsWith("flood-", Encoding.UTF8.GetString(error.Channel), StringComparison.Ordinal);
        }

        Assert.Equal(1UL, await alice.PublishAsync(1, "undisturbed"));
        await mallory.SendLeaveAsync("flood-0");
        await mallory.ReceiveAsync(FrameType.Left);
        await mallory.JoinAsync("another");
    }

    [Fact]
    [Trait("Must", "R-ERROR-4")]
    public async Task Join_AboveTheRate_RateLimitedAndOthersAreNot()
    {
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            edge.JoinsPerSecondMax = 20;
            edge.ChannelsPerSessionMax = 20;
        });
        await using WireClient mallory = await WireClient.SignInAsync(relay.A, "user:mallory");
        for (int i = 0; i < 50; i++)
        {
            await mallory.SendJoinAsync("flood");
            await mallory.SendLeaveAsync("flood");
        }

        List<(FrameType Type, byte[] Body)> answers = await AnswersAsync(mallory, 100);
        int refused = answers.Count(answer => answer.Type == FrameType.Error
            && ErrorBody.TryDecode(answer.Body, out ErrorBody error) == DecodeStatus.Ok && error.Code == ErrorCode.RateLimited);
        Assert.InRange(refused, 1, 30);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        Assert.Equal(1UL, await alice.PublishAsync(1, "undisturbed"));
    }

    public void Dispose() => _gauges.Dispose();

    private static async Task ExpectAsync(WireClient client, FrameType type, int count)
    {
        while (count > 0)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            Assert.True(header.Type == type || header.Type == FrameType.Deliver, $"{header.Type} {Convert.ToHexString(body)}");
            count -= header.Type == type ? 1 : 0;
        }
    }

    private static async Task<List<(FrameType Type, byte[] Body)>> AnswersAsync(WireClient client, int count)
    {
        var answers = new List<(FrameType, byte[])>();
        while (answers.Count < count)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            answers.Add((header.Type, body));
        }

        return answers;
    }
}

using RelayServer.Client;
using RelayServer.Edge;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>Operators at two edges who want the same at the same moment: one has it, the other is told.</summary>
public sealed class LiveRoomOperatorsTests
{
    private const string Room = "contested";
    private const int Rounds = 20;
    private const int Members = 4;

    [Fact]
    public async Task SplitAndMerge_ByTwoOperatorsAtOnce_ExactlyOneOfThemEachTime()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        RoomGuest[] members = await Task.WhenAll(
            Enumerable.Range(0, Members).Select(index => RoomGuest.JoinAsync(index % 2 == 0 ? relay.A : relay.B, $"member-{index}", Room)));
        try
        {
            for (ulong round = 0; round < Rounds; round++)
            {
                // In groups the members are counted first, so that the second meets a split that is under way.
                await OneAsync(relay, RoomControl.SplitByEdges(), RoomControl.SplitIntoGroups(2), 2 * round);
                await OneAsync(relay, RoomControl.Merge(), RoomControl.Merge(), (2 * round) + 1);
            }

            await Task.WhenAll(members.Select(member => member.HearAsync<RelaySplit>(split => split.Notice.To.Generation == 2 * Rounds && split.IsBeginning)));
            Assert.All(members, member => Assert.Equal(2 * Rounds, member.Events.OfType<RelayMoved>().Count()));
            Assert.All(members, member => Assert.Empty(member.Events.OfType<RelayGap>()));
        }
        finally
        {
            await Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));
        }
    }

    private static async Task OneAsync(TestRelay relay, RoomControl first, RoomControl second, ulong generation)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        AdminAnswer[] answers = await Task.WhenAll(
            relay.EdgeA.ControlAsync(Room, second, "anna", cancellation), relay.EdgeB.ControlAsync(Room, first, "ben", cancellation));
        AdminAnswer done = Assert.Single(answers, answer => answer.IsDone);
        AdminAnswer refused = Assert.Single(answers, answer => !answer.IsDone);
        Assert.Equal((generation, ErrorCode.Conflict), (done.Position!.Value.Generation, refused.Code));
        Assert.NotEmpty(refused.Text);
    }
}

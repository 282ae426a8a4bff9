using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class RedisElectionTests
{
    [Fact]
    public void Choose_OnePrimary_UsedWhereverItIsNamed()
    {
        Assert.Equal(0, RedisElection.Choose([Primary("a:1"), Replica("b:2")], null).Node);
        Assert.Equal(1, RedisElection.Choose([Replica("a:1"), Primary("b:2")], null).Node);
        Assert.Equal(1, RedisElection.Choose([Away("a:1"), Primary("b:2")], null).Node);
    }

    [Fact]
    public void Choose_NoPrimary_NoneAndEveryNodeExplained()
    {
        RedisChoice choice = RedisElection.Choose([Away("a:1"), Replica("b:2")], null);
        Assert.Equal(-1, choice.Node);
        Assert.False(choice.IsRefusal);
        Assert.Equal("no Redis primary: a:1 cannot be reached (refused); b:2 is a replica", choice.Reason);
        Assert.Equal("Redis at a:1 cannot be reached (refused)", RedisElection.Choose([Away("a:1")], null).Reason);
    }

    [Fact]
    public void Choose_ANodeNotAskedYet_Waits()
    {
        RedisChoice choice = RedisElection.Choose([Primary("a:1"), new("b:2", RedisRole.Unknown, 0, null)], null);
        Assert.Equal(-1, choice.Node);
        Assert.Contains("b:2 has not answered yet", choice.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(7UL)]
    public void Choose_TwoPrimariesOfTheSameClaim_RefusedNamingBoth(ulong epoch)
    {
        RedisChoice choice = RedisElection.Choose([Primary("a:1", epoch), Primary("b:2", epoch), Primary("c:3", 0)], Primary("a:1", epoch));
        Assert.Equal(-1, choice.Node);
        Assert.True(choice.IsRefusal);
        Assert.Contains("a:1 and at b:2", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_TwoPrimaries_TheOneClaimedLastAndTheOtherTold()
    {
        RedisChoice choice = RedisElection.Choose([Primary("a:1", 7), Primary("b:2", 8)], null);
        Assert.Equal(1, choice.Node);
        Assert.Equal("a:1", choice.Leftover);
        Assert.Equal(choice, RedisElection.Choose([Primary("a:1", 7), Primary("b:2", 8)], Primary("a:1", 7)));
    }

    [Fact]
    public void Choose_OnlyAnOlderPrimaryIsLeft_Refused()
    {
        RedisChoice choice = RedisElection.Choose([Primary("a:1", 7), Away("b:2")], Primary("b:2", 8));
        Assert.Equal(-1, choice.Node);
        Assert.True(choice.IsRefusal);
        Assert.Contains("a:1", choice.Reason, StringComparison.Ordinal);
        Assert.Contains("b:2", choice.Reason, StringComparison.Ordinal);
        Assert.Equal(0, RedisElection.Choose([Primary("a:1", 7), Away("b:2")], null).Node);
    }

    [Fact]
    public void Choose_ReplicaWithTheSameClaimPromoted_Used() =>
        Assert.Equal(0, RedisElection.Choose([Primary("a:1", 8), Away("b:2")], Primary("b:2", 8)).Node);

    [Fact]
    public void Choose_TheSameNodeEmptied_UsedAgain() =>
        Assert.Equal(0, RedisElection.Choose([Primary("a:1", 0), Replica("b:2")], Primary("a:1", 8)).Node);

    private static RedisNodeState Primary(string endpoint, ulong claimEpoch = 1) => new(endpoint, RedisRole.Primary, claimEpoch, null);

    private static RedisNodeState Replica(string endpoint) => new(endpoint, RedisRole.Replica, 0, null);

    private static RedisNodeState Away(string endpoint) => new(endpoint, RedisRole.Unreachable, 0, "refused");
}

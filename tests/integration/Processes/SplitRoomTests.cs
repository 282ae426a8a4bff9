using System.Globalization;
using RelayServer.Client;
using RelayServer.Identity;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>
/// A room of hundreds that is split and merged all the time while everybody talks, members change edges, and the master and an edge are
/// killed: nobody misses or gets twice anything of the partition that it is in, and nothing of any other.
/// </summary>
public sealed class SplitRoomTests
{
    private const string Room = "plaza";
    private const int Members = 300;
    private const int Switches = 200;
    private const int SwitchesOfItsOwn = 4;
    private const int Speakers = 16;
    private const int PublishesPerSwitch = 12;
    private const int MovesPerSwitch = 2;

    // The relay keeps the logs of more: whoever is further behind than that many is told of a gap, and should be.
    private const ulong LagMax = (ulong)RoomLimits.GenerationsMax / 2;
    private const string SeedVariable = "RELAY_TEST_SEED";

    [Fact]
    [Trait("Must", "R-SPLIT-1")]
    [Trait("Must", "R-SPLIT-3")]
    [Trait("Must", "R-SPLIT-5")]
    [Trait("Must", "R-SPLIT-7")]
    [Trait("Must", "R-OBS-1")]
    [Trait("Must", "R-CAST-1")]
    public async Task Room_SplitAndMergedTwoHundredTimes_NothingIsLostDoubledOutOfOrderOrCrosses()
    {
        int seed = Environment.GetEnvironmentVariable(SeedVariable) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"again with {SeedVariable}={seed}");
        await using ThreeEdges relay = await ThreeEdges.StartAsync();
        await using RoomLogs logs = await RoomLogs.OpenAsync(relay.Redis, Room);
        var observer = new WanderingMember(relay, Room, "observer", TokenRole.Operator) { IsObserver = true };
        WanderingMember[] members =
        [
            observer,
            new WanderingMember(relay, Room, "host", TokenRole.Operator),
            new WanderingMember(relay, Room, "service", TokenRole.Service),
            .. Enumerable.Range(0, Members - 3).Select(index => new WanderingMember(relay, Room, $"member-{index}", TokenRole.Member)),
        ];
        await Task.WhenAll(members.Select((member, index) => member.JoinAsync(index)));
        try
        {
            await TalkAsync(relay, logs, members, new Random(seed));
            await Task.WhenAll(members.Select(member => member.HeardLast)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
        finally
        {
            await Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));
        }

        Judge(logs, members, observer);
    }

    // The last publish of all ends the last log.
    private static async Task TalkAsync(ThreeEdges relay, RoomLogs logs, WanderingMember[] members, Random chance)
    {
        using var end = new CancellationTokenSource();
        using var said = new SemaphoreSlim(0);
        int[] seeds = [.. Enumerable.Range(0, Speakers).Select(_ => chance.Next())];
        Task[] speakers = [.. seeds.Select(seed => SpeakAsync(members, new Random(seed), said, end.Token))];
        ulong generation;
        try
        {
            generation = await SwitchAsync(relay, logs, members, chance, said);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(speakers);
        }

        await members[1].PublishAsync(WanderingMember.LastText);
        await logs.FinishAsync(generation);
    }

    private static async Task SpeakAsync(WanderingMember[] members, Random chance, SemaphoreSlim said, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            // Those who speak to everybody are few, and say much.
            int speaker = chance.Next(10) == 0 ? chance.Next(3) : chance.Next(members.Length);
            await members[speaker].PublishAsync();
            said.Release();
        }
    }

    private static async Task<ulong> SwitchAsync(ThreeEdges relay, RoomLogs logs, WanderingMember[] members, Random chance, SemaphoreSlim said)
    {
        await using RelayClient owner = new(new RelayClientOptions
        {
            Endpoints = relay.EndpointsFrom(0),
            TokenProvider = _ => ValueTask.FromResult(relay.Token("owner", TokenRole.Operator)),
        });
        await owner.ConnectAsync(TestContext.Current.CancellationToken);
        var under = new List<Task>();
        bool isSplit = false;
        ulong generation = 0;
        ulong lagMost = 0;
        for (int i = 0; i < Switches; i++)
        {
            for (int publishes = 0; publishes < PublishesPerSwitch; publishes++)
            {
                await said.WaitAsync(TestContext.Current.CancellationToken);
            }

            if (i == Switches / 3)
            {
                under.Add(relay.ReplaceMasterAsync());
            }
            else if (i == Switches * 2 / 3)
            {
                under.Add(relay.ReplaceEdgeAsync(chance.Next(ThreeEdges.Names.Length)));
            }

            lagMost = Math.Max(lagMost, members.Max(member => generation - Math.Min(generation, member.Generation)));
            await Task.WhenAll(members.Select(member => member.HasReachedAsync(generation > LagMax ? generation - LagMax : 0)));
            Task moves = Task.WhenAll(Enumerable.Range(0, MovesPerSwitch).Select(_ => members[chance.Next(members.Length)].MoveAsync(1 + chance.Next(2))));
            if (chance.Next(4) == 0)
            {
                // While the room stays as it is, so that some come from another edge's partition to that of their own.
                await moves;
            }

            under.Add(moves);
            // The first splits and merges are the room's own.
            if (i < SwitchesOfItsOwn)
            {
                await SwitchByPolicyAsync(owner, isSplit);
            }
            else
            {
                RoomControl control = isSplit ? RoomControl.Merge()
                    : chance.Next(2) == 0 ? RoomControl.SplitByEdges()
                    : RoomControl.SplitIntoGroups((uint)chance.Next(RoomLimits.GroupsMin, 9));
                Position at = await owner.ControlAsync(Room, control, TestContext.Current.CancellationToken);
                Assert.Equal(generation, at.Generation);
            }

            logs.Ended(generation++);
            isSplit = !isSplit;
        }

        await Task.WhenAll(under);
        TestContext.Current.TestOutputHelper?.WriteLine($"whoever was furthest behind was so by {lagMost} generations");
        return generation;
    }

    // The thresholds are set so that the room is due.
    private static async Task SwitchByPolicyAsync(RelayClient owner, bool isSplit)
    {
        RelaySubscription watch = await owner.JoinAsync(Room, JoinFrom.Live, TestContext.Current.CancellationToken);
        await owner.ControlAsync(
            Room,
            RoomControl.Set(
                new RoomSettingValue(RoomSetting.AutoDwellSeconds, 0),
                new RoomSettingValue(RoomSetting.AutoSplitMembers, isSplit ? 0UL : Members / 2),
                new RoomSettingValue(RoomSetting.AutoMergeMembers, 0),
                new RoomSettingValue(RoomSetting.AutoSplitMessagesPerSecond, 0),
                new RoomSettingValue(RoomSetting.AutoTargetMembers, Members / 4)),
            TestContext.Current.CancellationToken);
        if (!isSplit)
        {
            await owner.ControlAsync(Room, RoomControl.SplitAutomatically(), TestContext.Current.CancellationToken);
        }

        await foreach (RelayEvent next in watch)
        {
            if (next is RelaySplit)
            {
                break;
            }
        }

        await watch.LeaveAsync(TestContext.Current.CancellationToken);
    }

    private static void Judge(RoomLogs logs, WanderingMember[] members, WanderingMember observer)
    {
        var publishes = new LogsJudge(logs);
        publishes.CheckLogs();
        foreach (WanderingMember member in members)
        {
            publishes.CheckPublishes(member);
        }

        var judge = new MemberJudge(logs, [.. LogsJudge.BroadcastTexts(members)]);
        foreach (WanderingMember member in members.Where(member => !member.IsObserver))
        {
            judge.Check(member);
        }

        judge.CheckObserver(observer);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{logs.LastGeneration} switches ({string.Join(", ", publishes.Modes.Select(mode => $"{mode.Value} {mode.Key}"))}), {members.Sum(member => member.Acked.Count)} messages, "
            + $"{judge.Delivered} deliveries judged, {judge.Switches} times a member switched, {judge.EdgeMoves} times one came from another edge's partition, "
            + $"{members.Sum(member => member.EdgeChanges)} edge changes, {publishes.BroadcastsToSeveral} broadcasts to several partitions");
        Assert.Equal((ulong)Switches, logs.LastGeneration);
        Assert.Equal(Enum.GetValues<SplitMode>(), publishes.Modes.Keys.Order());
        Assert.True(judge.Switches > Switches * Members / 2, "members that do not move with the room show nothing");
        Assert.True(judge.EdgeMoves > 0, "nobody came from another edge's partition");
        Assert.True(publishes.BroadcastsToSeveral > 0, "nothing was said to several partitions");
    }
}

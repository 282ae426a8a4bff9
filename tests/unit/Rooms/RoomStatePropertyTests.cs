using System.Net;
using FsCheck.Fluent;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>What holds after anything that anybody may do, in any order.</summary>
public sealed class RoomStatePropertyTests
{
    private const int Runs = 150;
    private const int Steps = 80;

    [Fact]
    [Trait("Must", "R-LIFE-2")]
    [Trait("Must", "R-CTRL-5")]
    public void Apply_AnySequence_IsSavedWholeAndRefusalsChangeNothing()
    {
        RandomTests.Check(Runs, RandomControls.Steps.ArrayOf(Steps), steps =>
        {
            var stage = new Stage(live: steps.Length % 2 == 0);
            foreach ((string actor, RoomControl control, int seconds) in steps)
            {
                stage.NowMilliseconds += 1000UL * (ulong)seconds;
                stage.State.Prune(stage.NowMilliseconds);
                byte[] before = stage.State.Encode();
                ulong version = stage.State.Version;

                ControlRefusal? refusal = stage.Apply(actor, control);

                bool changed = !before.AsSpan().SequenceEqual(stage.State.Encode());
                Assert.Equal(changed ? version + 1 : version, stage.State.Version);
                Assert.Equal(changed, refusal is null && (changed || !IsMessageOrSwitch(control)));
                Switch(stage.State, control, refusal);
            }

            AssertSavedWhole(stage);
        });
    }

    [Fact]
    public void Apply_AnySequenceWithoutOperators_LeavesTheOwnerAloneAndMakesNoHostsButHis()
    {
        RandomTests.Check(Runs, RandomControls.Steps.Where(step => step.Actor != Stage.Operator).ArrayOf(Steps), steps =>
        {
            var stage = new Stage();
            HashSet<string> hosts = [Stage.Owner, Stage.Host];
            foreach ((string actor, RoomControl control, int seconds) in steps)
            {
                stage.NowMilliseconds += 1000UL * (ulong)seconds;
                stage.Apply(actor, control);

                Assert.Equal(Stage.Owner, stage.State.Owner);
                Assert.Equal(Role.Host, stage.State.RoleOf(Stage.Id(Stage.Owner), Role.Member));
                Assert.False(stage.IsBanned(Stage.Owner) || stage.IsMuted(Stage.Owner));
                Assert.Empty(stage.State.AddressBans);
                if (actor == Stage.Owner && control is { Verb: ControlVerb.Appoint, Role: Role.Host })
                {
                    hosts.Add(control.User);
                }

                Assert.Subset(hosts, RandomControls.Users.Where(user => stage.State.RoleOf(Stage.Id(user), Role.Member) == Role.Host).ToHashSet());
            }
        });
    }

    [Fact]
    public void Decode_AnyBytes_NeitherThrowsNorAllocatesMuch()
    {
        var random = new HostileBytes();
        byte[][] good = [.. GoodStates()];
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = random.Damaged(good);
            long before = GC.GetAllocatedBytesForCurrentThread();
            RoomState? state = RoomState.Decode(bytes);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384 + (64 * bytes.Length));
            if (state is not null)
            {
                // Whatever was let in can be saved, and is then the same for ever.
                accepted++;
                byte[] saved = state.Encode();
                Assert.InRange(saved.Length, 0, RoomLimits.StateBytesMax);
                Assert.Equal(saved, RoomState.Decode(saved)?.Encode());
            }
        }

        Assert.InRange(accepted, 1, 20_000);
    }

    [Fact]
    public void Decode_CutAnywhereOrWithMoreBehind_IsRefused()
    {
        byte[] good = GoodStates()[1];
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Null(RoomState.Decode(good.AsSpan(0, length)));
        }

        Assert.Null(RoomState.Decode([.. good, 0]));
        Assert.Null(RoomState.Decode(new byte[RoomLimits.StateBytesMax + 1]));
        Assert.NotNull(RoomState.Decode(good));
    }

    [Fact]
    public void Decode_ElementsOfALaterVersion_ArePassedOver()
    {
        byte[] good = GoodStates()[1];
        Assert.Equal([0xdc, 0x00, 0x14], good[..3]);
        byte[] later = [0xdc, 0x00, 0x15, .. good[3..], 0xc0];

        Assert.Equal(good, RoomState.Decode(later)?.Encode());
    }

    private static byte[][] GoodStates()
    {
        var stage = new Stage();
        byte[] small = stage.State.Encode();
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.SlowModeMilliseconds, 100));
        stage.Accepted(Stage.Owner, RoomControl.Ban("a", 60));
        stage.Accepted(Stage.Owner, RoomControl.Kick("b"));
        stage.Accepted(Stage.Owner, RoomControl.Mute("c", 60));
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("10.0.0.0/8", 60));
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("2001:db8::/32", 60));
        stage.Accepted(Stage.Owner, RoomControl.Delete("d", 1, 2));
        stage.Accepted(Stage.Owner, RoomControl.Notice("n"));
        stage.Accepted(Stage.Owner, RoomControl.Pin(new RoomProduct("p", "P", 1, "EUR", 1, "https://x/")));
        stage.Accepted(Stage.Owner, RoomControl.Subscribe("news.headlines", ["economy", "world"], stage.NowMilliseconds + 60_000));
        stage.Accepted(Stage.Owner, RoomControl.Subscribe("music.charts", []));
        stage.Accepted(Stage.Owner, RoomControl.Invite("social"));
        stage.State.Begin(Partitioning.ByEdges(1, ["e1", "e2"]));
        byte[] split = stage.State.Encode();
        stage.State.Begin(Partitioning.ByGroups(2, 2, new byte[MemberBucket.Count]));
        return [small, split, stage.State.Encode(), new RoomState().Encode()];
    }

    // What is done and may leave all as it is.
    private static bool IsMessageOrSwitch(RoomControl control) => control.Verb is ControlVerb.Purchase or ControlVerb.Split or ControlVerb.Merge;

    private static void Switch(RoomState state, RoomControl control, ControlRefusal? refusal)
    {
        ulong next = state.Current.Generation + 1;
        switch (control)
        {
            case { Verb: ControlVerb.Split, Split: ControlSplit.Edges } when refusal is null:
                state.Begin(Partitioning.ByEdges(next, ["e1"]));
                Assert.True(state.AddEdge("e2"));
                break;
            case { Verb: ControlVerb.Split, Split: ControlSplit.Groups } when refusal is null:
                state.Begin(Partitioning.ByGroups(next, (int)control.Groups, new byte[MemberBucket.Count]));
                break;
            case { Verb: ControlVerb.Merge } when refusal is null && state.Current.Mode != SplitMode.Whole:
                state.Begin(Partitioning.Whole(next));
                break;
        }
    }

    private static void AssertSavedWhole(Stage stage)
    {
        RoomState before = stage.State;
        ulong now = stage.NowMilliseconds;
        stage.SaveAndLoad();
        RoomState after = stage.State;
        Assert.Equal(
            (before.Version, before.State, before.Owner, before.Title, before.Description, before.Notice, before.PolicyAuto),
            (after.Version, after.State, after.Owner, after.Title, after.Description, after.Notice, after.PolicyAuto));
        Assert.Equal(
            (before.StartsAtMilliseconds, before.EndedAtMilliseconds, before.HasDeleted),
            (after.StartsAtMilliseconds, after.EndedAtMilliseconds, after.HasDeleted));
        Assert.Equal(before.Products, after.Products);
        Assert.Equal(before.Settings, after.Settings);
        Assert.Equal(before.Generations.Select(Describe), after.Generations.Select(Describe));
        foreach (byte[] user in RandomControls.Users.Select(Stage.Id))
        {
            Assert.Equal(before.RoleOf(user, Role.Member), after.RoleOf(user, Role.Member));
            Assert.Equal(before.MayJoin(user, Role.Member, null, now), after.MayJoin(user, Role.Member, null, now));
            Assert.Equal(before.IsMuted(user, now), after.IsMuted(user, now));
            Assert.Equal(before.IsDeleted(user, 1, 1), after.IsDeleted(user, 1, 1));
            var address = IPAddress.Parse("10.1.2.3");
            Assert.Equal(before.MayJoin(user, Role.Member, address, now), after.MayJoin(user, Role.Member, address, now));
        }
    }

    private static string Describe(Partitioning partitioning) => $"{partitioning.Generation} {partitioning.Mode} {partitioning.Count} {string.Join(',', partitioning.Edges)}";
}

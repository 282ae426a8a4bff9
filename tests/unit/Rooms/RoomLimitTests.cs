using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Every bound of a room is reached, and the one above it is refused with what to do.</summary>
public sealed class RoomLimitTests
{
    public static TheoryData<string, int> Lists => new()
    {
        { "bans", 1000 },
        { "mutes", 1000 },
        { "appointed", 199 },
        { "address bans", 200 },
        { "deleted", 1000 },
        { "products", 10 },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void Apply_AtTheBound_RefusesOneMoreAndSaysWhatToDo(string list, int max)
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Appoint(Stage.Host, Role.None));
        for (int i = 0; i < max; i++)
        {
            stage.Accepted(Stage.Operator, Add(list, i));
        }

        ControlRefusal refusal = stage.Refused(ErrorCode.Conflict, Stage.Operator, Add(list, max));
        Assert.StartsWith("limit reached", refusal.Text, StringComparison.Ordinal);
        stage.SaveAndLoad();
        stage.Refused(ErrorCode.Conflict, Stage.Operator, Add(list, max));

        // What is there can still be changed.
        if (list != "deleted")
        {
            stage.Accepted(Stage.Operator, Add(list, 0));
        }
    }

    [Fact]
    public void Apply_AtTheBoundWithSomeThatHaveEnded_MakesRoom()
    {
        var stage = new Stage();
        for (int i = 0; i < RoomLimits.BansMax; i++)
        {
            stage.Accepted(Stage.Moderator, RoomControl.Ban("u" + i, 60));
        }

        stage.Refused(ErrorCode.Conflict, Stage.Moderator, RoomControl.Ban("v", 60));
        stage.NowMilliseconds += 60_000;
        stage.Accepted(Stage.Moderator, RoomControl.Ban("v", 60));
        Assert.Single(stage.State.Bans);
    }

    [Fact]
    public void Encode_FullestRoom_StaysWithinItsBound()
    {
        var stage = new Stage();
        string text = new('x', 200);
        stage.Accepted(Stage.Owner, RoomControl.Set(
            new RoomSettingValue(RoomSetting.Title, 0, text), new RoomSettingValue(RoomSetting.Description, 0, new string('x', 2000))));
        stage.Accepted(Stage.Owner, RoomControl.Notice(new string('x', 2000)));
        foreach (RoomSettingRule rule in RoomSettings.All.Where(rule => !rule.IsText && rule.Setting is not (RoomSetting.AutoMergeMembers or RoomSetting.AutoMergeMessagesPerSecond)))
        {
            stage.Accepted(Stage.Owner, RoomControl.Set(rule.Setting, rule.Maximum));
        }

        string[] edges = [.. Enumerable.Range(0, 64).Select(Long)];
        for (ulong generation = 1; generation <= 40; generation++)
        {
            stage.State.Begin(Partitioning.ByEdges(generation, edges));
        }

        for (int i = 64; i < 200; i++)
        {
            stage.State.AddEdge(Long(i));
        }

        Assert.Equal(Partitioning.PartitionsMax, stage.State.Current.Count);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            foreach (string list in Lists.Select(row => row.Data.Item1))
            {
                refused += stage.Apply(Stage.Operator, AddLong(list, i)) is null ? 0 : 1;
            }
        }

        Assert.InRange(refused, 1, 6000);
        Assert.InRange(stage.State.Encode().Length, 400_000, RoomLimits.StateBytesMax);
        stage.SaveAndLoad();
    }

    [Fact]
    public void Limits_EachOfThem_IsTheSpecifications()
    {
        Assert.Equal((128, 32), (Partitioning.PartitionsMax, RoomLimits.GenerationsMax));
        Assert.Equal((1000, 1000, 200, 200, 1000, 10), (RoomLimits.BansMax, RoomLimits.MutesMax, RoomLimits.AppointedMax, RoomLimits.AddressBansMax, RoomLimits.DeletedMax, RoomLimits.ProductsMax));
        Assert.Equal((200, 2000, 2000), (RoomLimits.TitleBytesMax, RoomLimits.DescriptionBytesMax, RoomLimits.NoticeBytesMax));
        Assert.Equal((512 * 1024, 10_000u), (RoomLimits.StateBytesMax, RoomLimits.KickMilliseconds));
    }

    private static string Long(int i) => i.ToString("D4", null).PadRight(128, 'n');

    private static RoomControl AddLong(string list, int i) => Add(list, i) switch
    {
        { Verb: ControlVerb.BanAddress } ban => ban,
        { Verb: ControlVerb.Product } pin => pin with { Product = pin.Product! with { Id = Long(i)[..64], Title = new string('t', 200), Link = "https://x/" + new string('l', 490) } },
        var control => control with { User = Long(i) + "", Text = new string('r', 200) },
    };

    private static RoomControl Add(string list, int i) => list switch
    {
        "bans" => RoomControl.Ban("u" + i, 60),
        "mutes" => RoomControl.Mute("u" + i, 60),
        "appointed" => RoomControl.Appoint("u" + i, Role.Member),
        "address bans" => RoomControl.BanAddress($"2001:db8:{i:x}::/48", 60),
        "deleted" => RoomControl.Delete("u" + (i % 7), (ulong)i, (ulong)i),
        _ => RoomControl.Pin(new RoomProduct("p" + i, "P", 1, "EUR", 1, "")),
    };
}

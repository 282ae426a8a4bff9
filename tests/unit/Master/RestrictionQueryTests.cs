using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Who keeps order in a room sees on whom something is laid, page by page; nobody else does.</summary>
public sealed class RestrictionQueryTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private ulong _number;

    public RestrictionQueryTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        _bench.Flush();
        Control(RoomControl.Create("Sale"), "olga", Role.Member);
        Control(RoomControl.Appoint("mona", Role.Moderator), "olga", Role.Member);
    }

    [Fact]
    [Trait("Must", "R-QUERY-5")]
    public void Restrictions_OfEachKind_HaveTheirEndRoleAndReasonInOrder()
    {
        Control(RoomControl.Mute("ben", RoomLimits.ForGoodSeconds, "noise"), "olga", Role.Member);
        Control(RoomControl.Ban("ben", 60, "spam"), "mona", Role.Member);
        Control(RoomControl.Kick("ann", "calm down"), "root", Role.Operator);
        Control(RoomControl.BanAddress("203.0.113.0/24", 60, "bots"), "root", Role.Operator);

        RestrictionPage page = Ask("mona");
        Assert.Equal(
            [
                new RoomRestriction("ann", RestrictionKind.Kick, At(10_000), Role.Operator, "calm down"),
                new RoomRestriction("ben", RestrictionKind.Mute, null, Role.Host, "noise"),
                new RoomRestriction("ben", RestrictionKind.Ban, At(60_000), Role.Moderator, "spam"),
            ],
            page.Restrictions);
        Assert.False(page.HasMore);
    }

    [Fact]
    [Trait("Must", "R-QUERY-5")]
    public void Restrictions_PageByPage_AreAllThereOnce()
    {
        for (int i = 0; i < 120; i++)
        {
            Control(RoomControl.Mute($"user-{i % 60}", 60), "olga", Role.Member, i >= 60 ? RoomControl.Ban($"user-{i % 60}", 60) : null);
        }

        foreach (int max in (int[])[0, 1, 7, 100])
        {
            var all = new List<RoomRestriction>();
            RestrictionPage page;
            do
            {
                page = Ask("olga", all.LastOrDefault(), max);
                all.AddRange(page.Restrictions);
            }
            while (page.HasMore);

            Assert.Equal(120, all.Count);
            Assert.Equal(120, all.Select(one => (one.User, one.Kind)).Distinct().Count());
            Assert.Equal(all.OrderBy(one => one.User, StringComparer.Ordinal).ThenBy(one => one.Kind), all);
        }
    }

    [Fact]
    [Trait("Must", "R-QUERY-5")]
    public void Restrictions_Ended_AreNotListed()
    {
        Control(RoomControl.Mute("ben", 1), "olga", Role.Member);
        Control(RoomControl.Ban("cem", 60), "olga", Role.Member);
        _bench.Now += 1_000;
        _a.Now = _bench.Now;
        Assert.Equal("cem", Assert.Single(Ask("olga").Restrictions).User);
    }

    [Fact]
    [Trait("Must", "R-QUERY-5")]
    [Trait("Must", "R-ROLE-1")]
    public void Restrictions_ByRole_FromModeratorsUp()
    {
        (string User, Role Token)[] may = [("mona", Role.Member), ("olga", Role.Member), ("root", Role.Operator)];
        (string User, Role Token)[] mayNot = [("max", Role.Member), ("vic", Role.Viewer), ("shop", Role.Service), ("max", Role.None)];
        Assert.All(may, one => Assert.Empty(Ask(one.User, token: one.Token).Restrictions));
        Assert.All(mayNot, one => Assert.Equal(ErrorCode.Forbidden, Refusal(one.User, one.Token)));
    }

    [Fact]
    [Trait("Must", "R-BAN-2")]
    public void Restrictions_ByABannedModerator_Banned()
    {
        Control(RoomControl.Ban("mona", 60), "olga", Role.Member);
        Assert.Equal(ErrorCode.Banned, Refusal("mona", Role.Member));
    }

    [Fact]
    [Trait("Must", "R-QUERY-2")]
    public void Restrictions_OfNoRoom_BadChannelName()
    {
        _a.Query([0x95, 0x04, 0xc0, 0xa0, 0x00, 0x00], "olga");
        Assert.Equal(ErrorCode.BadChannelName, Assert.Single(_bench.Flush().SelectMany(relay => relay.Refusals)).Code);
    }

    public void Dispose() => _bench.Dispose();

    private DateTimeOffset At(ulong inMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)(_bench.Now + inMilliseconds));

    private void Control(RoomControl control, string user, Role role, RoomControl? instead = null)
    {
        _a.Control(Room, instead ?? control, ++_number, user: user, role: role);
        RelayView relay = Assert.Single(_bench.Flush());
        _a.Confirmed = relay.RelayNo;
        Assert.Empty(relay.Errors);
    }

    private RestrictionPage Ask(string user, RoomRestriction? after = null, int max = 0, Role token = Role.Member)
    {
        _a.Query(RoomQueries.EncodeRestrictions(Room, after, max), user, token);
        RelayView relay = Assert.Single(_bench.Flush());
        _a.Confirmed = relay.RelayNo;
        return Assert.IsType<RestrictionPage>(RestrictionPage.Decode(Assert.Single(relay.Answers).Body));
    }

    private ErrorCode Refusal(string user, Role token)
    {
        _a.Query(RoomQueries.EncodeRestrictions(Room, null, 0), user, token);
        RelayView relay = Assert.Single(_bench.Flush());
        _a.Confirmed = relay.RelayNo;
        Assert.Empty(relay.Answers);
        return Assert.Single(relay.Refusals).Code;
    }
}

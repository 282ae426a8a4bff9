using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Services;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Subscriptions and invitations as a room keeps them: what it refuses, when it says that one ends, and how it lists them.</summary>
public sealed class SubscriptionRuleTests
{
    private const ulong Now = 1_000_000;
    private const ulong DayMilliseconds = 24 * 3_600_000;

    private readonly RoomState _room = new();

    [Fact]
    [Trait("Must", "R-SUB-2")]
    public void Subscribe_MoreSubjectsThanOneHas_IsBadArgument()
    {
        string[] subjects = [.. Enumerable.Range(0, ProtocolLimits.SubjectsMax + 1).Select(number => $"s{number}")];
        Assert.Null(Apply(RoomControl.Subscribe("news.all", subjects[1..])));
        Assert.Equal(ErrorCode.BadArgument, Apply(RoomControl.Subscribe("news.all", subjects)));
        Assert.Equal(ProtocolLimits.SubjectsMax, Assert.Single(_room.Subscriptions).Subjects.Count);
    }

    [Fact]
    [Trait("Must", "R-SUB-2")]
    public void Subscribe_EndAtTheBounds_IsTakenAndBeyondThemIsNot()
    {
        const ulong Longest = RoomLimits.SubscriptionYearsMax * 365UL * DayMilliseconds;
        Assert.Equal(ErrorCode.BadArgument, Apply(RoomControl.Subscribe("news.all", [], Now)));
        Assert.Equal(ErrorCode.BadArgument, Apply(RoomControl.Subscribe("news.all", [], Now + Longest + 1)));
        Assert.Empty(_room.Subscriptions);
        Assert.Null(Apply(RoomControl.Subscribe("news.all", [], Now + Longest)));
        Assert.Null(Apply(RoomControl.Subscribe("news.all", [], Now + 1)));
    }

    [Fact]
    [Trait("Must", "R-SUB-2")]
    public void Change_ByWhoIsMuted_IsRefusedButToEndOne()
    {
        Assert.Null(Apply(RoomControl.Subscribe("news.all", []), "bob", Role.Member));
        Assert.Null(Apply(RoomControl.Mute("bob", 60)));
        Assert.Equal(ErrorCode.Muted, Apply(RoomControl.Subscribe("news.more", []), "bob", Role.Member));
        Assert.Equal(ErrorCode.Muted, Apply(RoomControl.Invite("music"), "bob", Role.Member));
        Assert.Null(Apply(RoomControl.Unsubscribe("news.all"), "bob", Role.Member));
    }

    [Fact]
    [Trait("Must", "R-SUB-2")]
    public void Subscribe_RoomHasEnded_IsConflict()
    {
        Assert.Null(Apply(RoomControl.Create("Sale")));
        Assert.Null(Apply(RoomControl.Start()));
        Assert.Null(Apply(RoomControl.End()));
        Assert.Equal(ErrorCode.Conflict, Apply(RoomControl.Subscribe("news.all", [])));
    }

    [Fact]
    [Trait("Must", "R-SUB-2")]
    [Trait("Must", "R-SUB-8")]
    public void Invite_MoreThanThereMayBe_IsConflictAndWhatIsNotThereIsNotFound()
    {
        for (int i = 0; i < RoomLimits.InvitedServicesMax; i++)
        {
            Assert.Null(Apply(RoomControl.Invite($"s{i}")));
        }

        Assert.Null(Apply(RoomControl.Invite("s0")));
        Assert.Equal(ErrorCode.Conflict, Apply(RoomControl.Invite("more")));
        Assert.Equal(ErrorCode.NotFound, Apply(RoomControl.Invite("more", false)));
        Assert.Equal(ErrorCode.BadArgument, Apply(RoomControl.Invite("More")));
        Assert.Null(Apply(RoomControl.Invite("s0", false)));
        Assert.False(_room.HasLetIn("s0"));
        Assert.Null(Apply(RoomControl.Invite("more")));
        Assert.True(_room.HasLetIn("more"));
    }

    [Theory]
    [InlineData(5_000UL, 0UL)]
    [InlineData(10_000UL, 0UL)]
    [InlineData(60_000UL, 50_000UL)]
    [InlineData(3_600_000UL, 3_240_000UL)]
    [InlineData(240 * 3_600_000UL, 216 * 3_600_000UL)]
    [InlineData(365 * DayMilliseconds, 364 * DayMilliseconds)]
    [Trait("Must", "R-SUB-5")]
    public void Due_OfASubscription_IsATenthBeforeItsEndWithinBounds(ulong lasts, ulong saidAfter)
    {
        Assert.Null(Apply(RoomControl.Subscribe("news.all", [], Now + lasts)));
        Assert.Equal(Now + saidAfter, Assert.Single(_room.Subscriptions).DueMilliseconds);
        Assert.Empty(_room.TakeDueSubscriptions(Now + saidAfter - 1));
        Assert.Equal([SubscriptionEvent.EndsSoon], _room.TakeDueSubscriptions(Now + saidAfter).Select(notice => notice.Event));
        Assert.Equal(Now + lasts, Assert.Single(_room.Subscriptions).DueMilliseconds);
        Assert.Equal([SubscriptionEvent.Ended], _room.TakeDueSubscriptions(Now + lasts).Select(notice => notice.Event));
        Assert.Empty(_room.Subscriptions);
    }

    [Fact]
    [Trait("Must", "R-SUB-7")]
    public void List_PageByPage_HasEachOnceInTheirOrder()
    {
        string[] topics = [.. Enumerable.Range(0, ProtocolLimits.SubscriptionsMax).Select(number => $"news.t{number:00}")];
        string[] subjects = [.. Enumerable.Range(0, ProtocolLimits.SubjectsMax).Select(number => $"{number:00}" + new string('s', ProtocolLimits.SubjectBytesMax - 2))];
        foreach (string topic in topics.Reverse())
        {
            Assert.Null(Apply(RoomControl.Subscribe(topic, subjects[..20])));
        }

        Assert.Equal(topics, Pages(7));

        // More than a page has room for.
        Assert.Equal(topics, Pages(0));
    }

    private List<string> Pages(byte max)
    {
        List<string> listed = [];
        for (bool hasMore = true; hasMore;)
        {
            Assert.Equal(DecodeStatus.Ok, QueryBody.TryDecode(Bodies.Query(QueryKind.Subscriptions, "room", after: listed.LastOrDefault(""), max: max), out QueryBody query));
            byte[] answer = SubscriptionListEncoder.EncodeAnswer("room"u8, _room, query);
            Assert.InRange(answer.Length, 0, ProtocolLimits.ServerFrameBytesMax);
            Assert.Equal(DecodeStatus.Ok, SubscriptionListBody.TryDecode(answer, out SubscriptionListBody page));
            Assert.InRange(page.Subscriptions.Count, 1, max == 0 ? ProtocolLimits.SubscriptionsMax : max);
            foreach (SubscriptionEntry entry in page.Subscriptions)
            {
                listed.Add(Encoding.UTF8.GetString(entry.Topic));
            }

            hasMore = page.HasMore;
        }

        return listed;
    }

    private ErrorCode? Apply(RoomControl control, string user = "olga", Role role = Role.Operator) => _room.Apply(control, Encoding.UTF8.GetBytes(user), role, Now)?.Code;
}

using System.Text;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Services;

/// <summary>Whom a service may write to: how many are kept in mind, for how long, and how many are looked at at once.</summary>
public sealed class SubjectBookTests
{
    private const ulong Now = 1000;

    private readonly SubscriptionDesk _subscriptions;
    private readonly SubjectBook _book;

    public SubjectBookTests()
    {
        var counters = new MasterCounters();
        var builder = new FlushBuilder([], counters);
        _subscriptions = new SubscriptionDesk(new ChannelOpener([], new ChannelTable(new MasterOptions(), counters), builder), builder);
        _book = new SubjectBook(_subscriptions) { Key = new byte[PairwiseSubject.KeyBytes] };
    }

    [Fact]
    public void Called_ByMoreThanAreKeptInMind_ForgetsThoseOfLongestAgo()
    {
        Call("first", "news", Now);
        Call("second", "news", Now);
        for (int i = 2; i <= SubjectBook.CallersMax; i++)
        {
            _book.Called("news", $"subject-{i}", "user"u8, Now);
        }

        Assert.Equal((false, true), (IsKnown("first", "news", Now), IsKnown("second", "news", Now)));
    }

    [Fact]
    public void Called_ByOneUserOverAndOver_TakesOnePlaceForEachService()
    {
        Call("bob", "news", Now);
        for (int i = 0; i <= SubjectBook.CallersMax; i++)
        {
            Call("alice", i % 2 == 0 ? "news" : "music", Now);
        }

        Assert.Equal((true, true, true), (IsKnown("bob", "news", Now), IsKnown("alice", "news", Now), IsKnown("alice", "music", Now)));
    }

    [Fact]
    public void UserOf_ACallerOfADayAgo_IsNobody()
    {
        Call("alice", "news", Now);
        Assert.True(IsKnown("alice", "news", Now + SubjectBook.CalledMilliseconds));
        Assert.False(IsKnown("alice", "news", Now + SubjectBook.CalledMilliseconds + 1));
    }

    [Fact]
    public void Look_MoreThanAreLookedAtAtOnce_FindsTheOthersTheNextTime()
    {
        for (int i = 0; i <= SubjectBook.LookedAtMax; i++)
        {
            _subscriptions.Note($"inbox:user-{i}", [new Subscription("news.headlines", [], 0, Now, "user")]);
        }

        string last = $"user-{SubjectBook.LookedAtMax}";
        Assert.True(IsKnown("user-0", "news", Now));
        Assert.False(IsKnown(last, "news", Now));
        _book.Look();
        Assert.True(IsKnown(last, "news", Now));
    }

    private void Call(string user, string service, ulong nowMilliseconds) =>
        _book.Called(service, Subject(user, service), Encoding.UTF8.GetBytes(user), nowMilliseconds);

    private bool IsKnown(string user, string service, ulong nowMilliseconds) => _book.UserOf(service, Subject(user, service), nowMilliseconds, out _) is not null;

    private string Subject(string user, string service) => _book.SubjectOf(service, Encoding.UTF8.GetBytes(user));
}

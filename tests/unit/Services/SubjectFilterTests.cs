using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Services;

/// <summary>Whom an update is for is found out before it goes anywhere: held against a look at every subscription, with thousands of subjects.</summary>
public sealed class SubjectFilterTests
{
    private const int SubjectCount = 5000;
    private const string Topic = "news.alerts";

    private static readonly string[] s_subjects = [.. Enumerable.Range(0, SubjectCount).Select(number => $"subject-{number}")];

    private readonly Random _random = new((int)(TestSeed.Choose() % int.MaxValue));

    [Fact]
    public void Find_ThousandsOfSubjects_AreThoseWhoseSubscriptionsSaySo()
    {
        const int Channels = 2000;
        const int Steps = 6000;
        var index = new SubscriptionIndex();
        var wanted = new Dictionary<string, List<Subscription>>();
        for (int step = 0; step < Steps; step++)
        {
            string channel = $"room-{_random.Next(Channels)}";
            wanted[channel] = [.. new[] { Topic, "music.all" }.Where(_ => _random.Next(3) > 0).Select(topic => Wish(topic, _random.Next(40) == 0 ? 0 : _random.Next(1, 65)))];
            index.Note(channel, wanted[channel]);
            if (step % 10 == 0)
            {
                string[] about = Choose(_random.Next(65));
                string[] expected = [.. wanted.Where(one => one.Value.Exists(wish => wish.Topic == Topic && IsWantedBy(wish, about))).Select(one => one.Key).Order(StringComparer.Ordinal)];
                Assert.Equal(expected, index.Find(Topic, about).Select(number => index.NameOf(number)!).Order(StringComparer.Ordinal));
            }
        }

        Assert.Equal(wanted.Values.Sum(wishes => wishes.Count), index.Count);
        Assert.True(s_subjects.Count(subject => wanted.Values.Any(wishes => wishes.Exists(wish => wish.Subjects.Contains(subject)))) > SubjectCount * 9 / 10);
    }

    [Fact]
    public void Update_ThousandsOfSubjects_EdgesHaveWhatTheirRoomsWantAndNothingElse()
    {
        const int RoomsOfAnEdge = 4;
        const int Updates = 60;
        using var bench = new ServiceBench();
        var rooms = new List<(string Name, string Edge, Subscription Wish)>();
        foreach (var edge in new[] { bench.Users, bench.Services })
        {
            for (int i = 0; i < RoomsOfAnEdge; i++)
            {
                var room = (Name: $"room-{rooms.Count}", Edge: edge.Address, Wish: Wish(Topic, _random.Next(1, 65)));
                edge.Interest(room.Name);
                bench.Settle();
                bench.Subscribe(room.Name, Topic, [.. room.Wish.Subjects]);
                rooms.Add(room);
            }
        }

        int spared = 0;
        var got = rooms.ToDictionary(room => room.Name, _ => new List<ulong>());
        for (ulong number = 1; number <= Updates; number++)
        {
            string[] about = Choose(_random.Next(65));
            bench.Told.Clear();
            bench.Services.Update("topic:" + Topic, Bodies.Update(Topic, about), number);
            bench.Settle();
            foreach (var edge in rooms.GroupBy(room => room.Edge))
            {
                var receivers = edge.Where(room => IsWantedBy(room.Wish, about)).ToArray();
                Array.ForEach(receivers, room => got[room.Name].Add(number));
                Assert.Equal(receivers.Length, bench.Told.Where(relay => relay.To == edge.Key).Sum(relay => relay.Delivered.Count));
                spared += receivers.Length == 0 ? 1 : 0;
            }
        }

        Assert.All(rooms, room => Assert.Equal(got[room.Name], bench.Logged(room.Name, MessageKind.Update)));
        Assert.InRange(spared, 1, (2 * Updates) - 1);
    }

    private static bool IsWantedBy(Subscription wish, string[] about) => wish.Subjects.Count == 0 || wish.Subjects.Any(subject => Array.IndexOf(about, subject) >= 0);

    private Subscription Wish(string topic, int subjects) => new(topic, Choose(subjects), 0, 1, "olga");

    private string[] Choose(int count)
    {
        var chosen = new HashSet<int>();
        while (chosen.Count < count)
        {
            chosen.Add(_random.Next(SubjectCount));
        }

        return [.. chosen.Select(number => s_subjects[number])];
    }
}

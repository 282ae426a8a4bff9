using System.Globalization;
using RelayServer.Identity;
using RelayServer.Rooms;

namespace RelayServer.Cli.Demo;

/// <summary>Writes the plan of a broadcast: what is fixed at its place in time, and the bustle around it by chance.</summary>
internal sealed class DemoDirector
{
    private const int GroupMembers = 6;
    private const int GroupsMax = 8;
    private const double MessagesPerSecondMax = 12;
    private const double MessagesPerViewerSecond = 0.1;

    // Where in the broadcast things happen, as parts of its length.
    private const double Begun = 0.08;
    private const double LastArrival = 0.4;
    private const double SplitAt = 0.44;
    private const double MergeAt = 0.72;
    private const double LastWord = 0.96;

    private readonly TimeSpan _length;
    private readonly Random _random;
    private readonly List<DemoActor> _actors = [];
    private readonly List<DemoStep> _steps = [];
    private readonly Dictionary<string[], Queue<string>> _unsaid = [];
    private readonly double[] _arrivals;
    private readonly int _groups;

    public DemoDirector(TimeSpan length, int viewers, int seed)
    {
        _length = length;
        _random = new Random(seed);
        _groups = Math.Clamp(viewers / GroupMembers, RoomLimits.GroupsMin, GroupsMax);
        _actors.AddRange([
            new("anna", TokenRole.Member, 0), new("shop", TokenRole.Service, 1), new("mod-mira", TokenRole.Member, 1),
        ]);
        for (int viewer = 0; viewer < viewers; viewer++)
        {
            string name = DemoPhrases.Names[viewer % DemoPhrases.Names.Length];
            int round = viewer / DemoPhrases.Names.Length;
            _actors.Add(new DemoActor(round == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{round + 1}"), TokenRole.Member, viewer));
        }

        _arrivals = new double[_actors.Count];
    }

    private int Spammer => _actors.Count - 1;

    private int ViewerCount => _actors.Count - DemoPlan.FirstViewer;

    public DemoPlan Direct()
    {
        Open();
        Arrive();
        Host();
        Sell();
        Moderate();
        Chatter();
        Close();
        return new DemoPlan(_actors, [.. _steps.Where(step => step.At <= _length).OrderBy(step => step.At)], _groups);
    }

    private void Open()
    {
        Change(0, DemoPlan.Host, RoomControl.Create("Anna's kitchen, live", "Mugs, bowls and a lamp. Everything made by hand."), "anna creates the room");
        Join(0.002, DemoPlan.Host);
        Join(0.004, DemoPlan.Shop);
        Join(0.004, DemoPlan.Moderator);
        Change(0.01, DemoPlan.Host, RoomControl.Appoint(_actors[DemoPlan.Moderator].User, Role.Moderator), "mod-mira is to keep order");
        Change(0.015, DemoPlan.Host, RoomControl.Set(RoomSetting.NoticesMembersMax, GroupMembers), null);
        Change(0.02, DemoPlan.Host, RoomControl.Notice("We begin in a moment. Be kind to each other."), null);
        Change(Begun, DemoPlan.Host, RoomControl.Start(), "the broadcast begins");
        Change(0.085, DemoPlan.Host, RoomControl.Notice("Free shipping until the end of the broadcast"), null);
    }

    private void Arrive()
    {
        for (int viewer = DemoPlan.FirstViewer; viewer < _actors.Count; viewer++)
        {
            // A third waits for the beginning, the others drop in.
            bool isEarly = (viewer - DemoPlan.FirstViewer) % 3 == 0;
            double at = viewer == Spammer ? 0.15 : isEarly ? 0.025 + (_random.NextDouble() * 0.05) : Begun + (_random.NextDouble() * (LastArrival - Begun));
            _arrivals[viewer] = at;
            Join(at, viewer);
            if (_random.Next(3) == 0 && viewer != Spammer)
            {
                Say(Math.Max(at, Begun) + 0.015 + (_random.NextDouble() * 0.02), viewer, Pick(DemoPhrases.Hello));
            }
        }
    }

    private void Host()
    {
        (double At, string Text)[] lines =
        [
            (0.09, "Welcome everybody! I am Anna, and this is the kitchen."),
            (0.12, "We start with the blue mug. Forty of them, no two alike."),
            (0.21, "Yes, it goes into the dishwasher. I asked it."),
            (0.29, "Next: the soup bowl. It holds more soup than you think."),
            (0.38, "So many of you today! I can hardly read along."),
            (0.43, "I am putting you into groups, so that everybody is heard. You all still hear me."),
            (0.5, "Tell your group: mug or bowl?"),
            (0.59, "And now the lamp. There are only six. Really."),
            (0.7, "That went fast! Let us come together again."),
            (0.74, "There you all are."),
            (0.82, "Last call for mugs and bowls!"),
            (0.92, "Thank you all. Same time next week!"),
        ];
        foreach ((double at, string text) in lines)
        {
            Add(at, DemoPlan.Host, DemoStepKind.Say, step => step with { Text = text, Progress = $"anna: {text}" });
            Hearts(at + 0.008, _random.Next(3, 8));
        }

        Change(SplitAt, DemoPlan.Host, RoomControl.SplitIntoGroups((uint)_groups), $"anna splits the room into {_groups} groups");
        Change(MergeAt, DemoPlan.Host, RoomControl.Merge(), "anna brings everybody together");
    }

    private void Sell()
    {
        Offer(new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "https://shop.example/mug"), 0.13, 0.9, 9);
        Offer(new RoomProduct("bowl", "Soup bowl", 2400, "EUR", 25, "https://shop.example/bowl"), 0.3, 0.9, 7);
        Offer(new RoomProduct("lamp", "Kitchen lamp", 8900, "EUR", 6, "https://shop.example/lamp"), 0.6, 0.69, 6);
    }

    private void Offer(RoomProduct product, double from, double until, int purchases)
    {
        Change(from, DemoPlan.Shop, RoomControl.Pin(product), $"on offer: {product.Title}, {product.Stock} left");
        foreach (double at in Enumerable.Range(0, purchases).Select(_ => from + 0.01 + (_random.NextDouble() * (until - from - 0.01))).Order())
        {
            uint pieces = Math.Min(product.Stock, product.Id == "lamp" ? 1 : (uint)_random.Next(1, 4));
            int buyer = Present(at);
            if (pieces == 0 || buyer < 0)
            {
                continue;
            }

            product = product with { Stock = product.Stock - pieces };
            Change(at, DemoPlan.Shop, RoomControl.Purchase(product.Id, pieces, _actors[buyer].User), $"{_actors[buyer].User} buys {pieces} \u00d7 {product.Title}, {product.Stock} left");
            Change(at, DemoPlan.Shop, RoomControl.Pin(product), null);
            Hearts(at + 0.003, 2);
            if (_random.Next(2) == 0)
            {
                Say(at + 0.02, buyer, Pick(DemoPhrases.Bought));
            }
        }
    }

    private void Moderate()
    {
        string spammer = _actors[Spammer].User;
        Say(0.22, Spammer, DemoPhrases.Spam[0]);
        Say(0.235, Spammer, DemoPhrases.Spam[1]);
        Add(0.25, DemoPlan.Moderator, DemoStepKind.DeleteLast, step => step with { Text = spammer, Progress = $"mod-mira deletes a message of {spammer}" });
        Change(0.252, DemoPlan.Moderator, RoomControl.Mute(spammer, (uint)Math.Ceiling(_length.TotalSeconds), "advertising"), $"mod-mira mutes {spammer}");
    }

    // The more are in, the more is said, up to what one can still read.
    private void Chatter()
    {
        double seconds = _length.TotalSeconds;
        double at = Begun;
        while (at < LastWord)
        {
            int present = _arrivals.Skip(DemoPlan.FirstViewer).Count(arrival => arrival < at);
            double rate = Math.Clamp(present * MessagesPerViewerSecond, 0.2, MessagesPerSecondMax);
            at += -Math.Log(1 - _random.NextDouble()) / rate / seconds;
            int who = Present(at);
            if (who >= 0 && at < LastWord)
            {
                bool isInGroups = at is > SplitAt + 0.01 and < MergeAt && _random.Next(2) == 0;
                Say(at, who, Pick(at > 0.9 ? DemoPhrases.Goodbye : isInGroups ? DemoPhrases.InGroup : DemoPhrases.Talk));
            }
        }
    }

    private void Close()
    {
        Hearts(0.93, ViewerCount);
        Hearts(0.95, ViewerCount);
        Change(0.97, DemoPlan.Shop, RoomControl.Unpin("lamp"), null);
        Change(0.975, DemoPlan.Host, RoomControl.Notice("Thank you for coming! Next broadcast: same time, next week."), null);
        Change(1, DemoPlan.Host, RoomControl.End(), "the broadcast is over");
    }

    // Somebody who is in by then and not the one who was muted; -1 when there is nobody.
    private int Present(double at)
    {
        int[] present = [.. Enumerable.Range(DemoPlan.FirstViewer, ViewerCount).Where(viewer => viewer != Spammer && _arrivals[viewer] + 0.02 < at)];
        return present.Length == 0 ? -1 : present[_random.Next(present.Length)];
    }

    private void Hearts(double at, int taps)
    {
        for (int tap = 0; tap < taps; tap++)
        {
            double when = at + (_random.NextDouble() * 0.03);
            if (Present(when) is >= 0 and int who)
            {
                Add(when, who, DemoStepKind.React, step => step with { Count = _random.Next(1, 25) });
            }
        }
    }

    // Each phrase once before any comes again.
    private string Pick(string[] phrases)
    {
        if (!_unsaid.TryGetValue(phrases, out Queue<string>? left) || left.Count == 0)
        {
            string[] shuffled = [.. phrases];
            _random.Shuffle(shuffled);
            _unsaid[phrases] = left = new Queue<string>(shuffled);
        }

        return left.Dequeue();
    }

    private void Join(double at, int actor) => Add(at, actor, DemoStepKind.Join, step => step);

    private void Say(double at, int actor, string text) => Add(at, actor, DemoStepKind.Say, step => step with { Text = text });

    private void Change(double at, int actor, RoomControl control, string? progress) =>
        Add(at, actor, DemoStepKind.Change, step => step with { Control = control, Progress = progress });

    private void Add(double at, int actor, DemoStepKind kind, Func<DemoStep, DemoStep> fill) =>
        _steps.Add(fill(new DemoStep(_length * at, actor, kind)));
}

namespace RelayServer.Adapters.Subscriptions;

/// <summary>
/// Three services with feeds that come with the program, each configured in another way: an open topic and two feeds; a closed topic whose subjects
/// are listed; no topic at all.
/// </summary>
public static class SampleServices
{
    private const int PollSeconds = 10;

    /// <summary>The services; the files are beside the program.</summary>
    public static IList<SubscriptionsOptions> Create() => [News(), Music(), Social()];

    private static SubscriptionsOptions News() => new()
    {
        Name = "news",
        Title = "Harbour Gazette",
        Description = "News and weather of a town that does not exist.",
        Texts =
        [
            new() { Locale = "de", Key = "title", Text = "Hafenblatt" },
            new() { Locale = "de", Key = "description", Text = "Nachrichten und Wetter einer Stadt, die es nicht gibt." },
            new() { Locale = "de", Key = "topic.headlines", Text = "Schlagzeilen" },
            new() { Locale = "de", Key = "topic.weather", Text = "Wetter" },
        ],
        Topics =
        [
            new() { Name = "headlines", Title = "Headlines", IsOpen = true, Subjects = ["Local", "Politics", "Sport", "Traffic"] },
            new() { Name = "weather", Title = "Weather", IsOpen = false, Subjects = ["Warning", "Forecast"] },
        ],
        Feeds =
        [
            new() { File = "samples/news.rss.xml", Topic = "headlines", PollSeconds = PollSeconds },
            new() { File = "samples/weather.atom.xml", Topic = "weather", PollSeconds = PollSeconds },
        ],
    };

    private static SubscriptionsOptions Music() => new()
    {
        Name = "music",
        Title = "Fresh records",
        Description = "New albums by genre.",
        Texts =
        [
            new() { Locale = "de", Key = "title", Text = "Neue Platten" },
            new() { Locale = "de", Key = "description", Text = "Neue Alben nach Richtung." },
            new() { Locale = "de", Key = "topic.releases", Text = "Neuerscheinungen" },
        ],
        Topics = [new() { Name = "releases", Title = "Releases", IsOpen = false, Subjects = ["Jazz", "Folk", "Electronic", "Classical"] }],
        Feeds = [new() { File = "samples/music.atom.xml", PollSeconds = PollSeconds }],
        TextBytesMax = 300,
    };

    private static SubscriptionsOptions Social() => new()
    {
        Name = "social",
        Title = "Town square",
        Description = "What people of the town post.",
        Texts =
        [
            new() { Locale = "de", Key = "title", Text = "Marktplatz" },
            new() { Locale = "de", Key = "description", Text = "Was die Leute der Stadt schreiben." },
        ],
        Feeds = [new() { File = "samples/social.rss.xml", Subject = "Posts", PollSeconds = PollSeconds }],
        CommentsPerItemMax = 200,
    };
}

using System.ComponentModel.DataAnnotations;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>A feed; section <c>Adapters:Subscriptions:N:Feeds:M</c>.</summary>
public sealed class FeedOptions
{
    /// <summary>Where it is read, http or https; this or <see cref="File"/>.</summary>
    public Uri? Url { get; set; }

    /// <summary>A file that holds it, read again when it changes; a path that is not rooted is relative to the program.</summary>
    public string? File { get; set; }

    /// <summary>The topic that its updates belong to; none takes the first.</summary>
    public string? Topic { get; set; }

    /// <summary>The subject of all of its updates, beside their categories; none takes the categories alone.</summary>
    public string? Subject { get; set; }

    /// <summary>Shortest time between two polls, in seconds.</summary>
    [Range(1, 7 * 24 * 3600)]
    public int PollSeconds { get; set; } = 300;
}

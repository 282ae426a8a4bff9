using System.ComponentModel.DataAnnotations;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>One service whose updates come from feeds and webhooks; section <c>Adapters:Subscriptions:N</c>.</summary>
public sealed class SubscriptionsOptions
{
    /// <summary>The service's name: 1–32 characters <c>a-z0-9-</c>, the first a letter. The token must name it, too.</summary>
    [Required]
    public string Name { get; set; } = "news";

    /// <summary>What people read.</summary>
    [Required, MaxLength(200)]
    public string Title { get; set; } = "News";

    /// <summary>What it is for, in a sentence or two.</summary>
    [MaxLength(4000)]
    public string Description { get; set; } = string.Empty;

    /// <summary>Its texts in other languages.</summary>
    [MaxLength(240)]
    public IList<TextOptions> Texts { get; set; } = [];

    /// <summary>What can be subscribed to. None makes one topic, <c>updates</c>, with the subjects of the feeds and hooks.</summary>
    [MaxLength(32)]
    public IList<TopicOptions> Topics { get; set; } = [];

    /// <summary>Where updates are read.</summary>
    [MaxLength(256)]
    public IList<FeedOptions> Feeds { get; set; } = [];

    /// <summary>Where updates are posted to.</summary>
    [MaxLength(64)]
    public IList<HookOptions> Hooks { get; set; } = [];

    /// <summary>A file with a token of role <c>service</c> that names this service, for the owner alone; read again when the relay refuses it.</summary>
    public string? TokenFile { get; set; }

    /// <summary>May feeds be on private, loopback and other addresses that are not of the public internet?</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Largest feed, in bytes, unpacked.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int FeedBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>Most items taken of a feed.</summary>
    [Range(1, 5000)]
    public int FeedItemsMax { get; set; } = 500;

    /// <summary>Of a feed that is read for the first time: how many of its newest items become updates; the others are known only.</summary>
    [Range(0, 5000)]
    public int FirstItemsMax { get; set; } = 10;

    /// <summary>Updates of one feed in an hour, and at once after a quiet time; new items above it are kept and not sent.</summary>
    [Range(1, 100_000)]
    public int UpdatesPerHourMax { get; set; } = 100;

    /// <summary>Most bytes of an item's text.</summary>
    [Range(0, 4000)]
    public int TextBytesMax { get; set; } = 1000;

    /// <summary>Longest time of a fetch from its start to its last byte, redirects included, in seconds.</summary>
    [Range(1, 300)]
    public int FetchTimeoutSeconds { get; set; } = 15;

    /// <summary>Longest wait between polls, whatever the server asks for and however often it failed, in seconds.</summary>
    [Range(60, 7 * 24 * 3600)]
    public int PollSecondsMax { get; set; } = 24 * 3600;

    /// <summary>Items kept of each feed and hook; the oldest leave with their likes and comments.</summary>
    [Range(500, 100_000)]
    public int ItemsPerSourceMax { get; set; } = 2000;

    /// <summary>Updates that the relay has not taken yet; with so many, polling pauses and webhooks are told to come later.</summary>
    [Range(1, 1_000_000)]
    public int OutboxItemsMax { get; set; } = 10_000;

    /// <summary>Comments of one item; one more is refused.</summary>
    [Range(1, 100_000)]
    public int CommentsPerItemMax { get; set; } = 1000;

    /// <summary>Comments of one user on one item; one more is refused.</summary>
    [Range(1, 100_000)]
    public int CommentsPerUserMax { get; set; } = 20;

    /// <summary>Likes of one item, one of each user; one more is refused.</summary>
    [Range(1, 1_000_000)]
    public int LikesPerItemMax { get; set; } = 100_000;

    /// <summary>Longest comment, in bytes.</summary>
    [Range(1, 2000)]
    public int CommentBytesMax { get; set; } = 1000;
}

using RelayServer.Client.Services;

namespace RelayServer.Adapters.Subscriptions.Commands;

/// <summary>What the services of this adapter can be told to do.</summary>
internal static class Verbs
{
    public const string Latest = "latest";
    public const string Like = "like";
    public const string Unlike = "unlike";
    public const string Comment = "comment";
    public const string Comments = "comments";
    public const string Share = "share";
    public const string Search = "search";

    /// <summary>The verbs, as they are registered.</summary>
    public static IReadOnlyList<ServiceVerb> All { get; } =
    [
        new()
        {
            Name = Latest,
            Summary = "The last items",
            Parameters = [new ServiceParameter { Name = "count", Summary = "How many, 1 to 20", Kind = ServiceParameterKind.Number, IsOptional = true }],
        },
        new() { Name = Like, Summary = "Like an item", NeedsItem = true },
        new() { Name = Unlike, Summary = "Take a like back", NeedsItem = true },
        new()
        {
            Name = Comment,
            Summary = "Comment on an item, for the whole room",
            Parameters = [new ServiceParameter { Name = "text", Summary = "What to say", Kind = ServiceParameterKind.Rest }],
            NeedsItem = true,
            AnswersRoom = true,
        },
        new() { Name = Comments, Summary = "What was said about an item", NeedsItem = true },
        new()
        {
            Name = Share,
            Summary = "Show an item in another room",
            Parameters = [new ServiceParameter { Name = "room", Summary = "Which room", Kind = ServiceParameterKind.Room }],
            NeedsItem = true,
            AnswersRoom = true,
        },
        new()
        {
            Name = Search,
            Summary = "Items that have certain words",
            Parameters = [new ServiceParameter { Name = "words", Summary = "The words", Kind = ServiceParameterKind.Rest }],
        },
    ];

    /// <summary>The same in German.</summary>
    public static IReadOnlyList<ServiceText> German { get; } =
    [
        new("de", "verb." + Latest, "Die letzten Meldungen"),
        new("de", "verb." + Like, "Eine Meldung gut finden"),
        new("de", "verb." + Unlike, "Das zurücknehmen"),
        new("de", "verb." + Comment, "Eine Meldung für alle im Raum kommentieren"),
        new("de", "verb." + Comments, "Was zu einer Meldung gesagt wurde"),
        new("de", "verb." + Share, "Eine Meldung in einem anderen Raum zeigen"),
        new("de", "verb." + Search, "Meldungen, in denen bestimmte Wörter vorkommen"),
    ];
}

namespace RelayServer.Adapters.Subscriptions.Commands;

/// <summary>The languages that services speak.</summary>
internal static class Wordings
{
    /// <summary>English: what those are answered whose language is not known.</summary>
    public static Wording English { get; } = new()
    {
        Locale = "en",
        Like = "Like",
        Comment = "Comment",
        Share = "Share",
        Subscribe = "Subscribe",
        Liked = "You like “{0}”. Likes: {1}.",
        LikedAlready = "You like “{0}” already. Likes: {1}.",
        Unliked = "You no longer like “{0}”. Likes: {1}.",
        NotLiked = "You had not liked “{0}”. Likes: {1}.",
        Commented = "commented on “{0}”: {1}",
        CommentLine = "{0}. {1}",
        OwnCommentLine = "{0}. (you) {1}",
        Comments = "Comments on “{0}”:",
        NoComments = "Nobody has commented on “{0}” yet.",
        Shared = "shared “{0}”",
        NothingYet = "There is nothing yet.",
        NothingFound = "Nothing was found that has: {0}",
        NeedsItem = "Say which item: reply to its card, or press a button on it.",
        ItemGone = "There is no such item here, or not any more.",
        BadCount = "Say how many, from 1 to {0}.",
        NoText = "Say something.",
        TooLong = "A comment has at most {0} bytes; this one has {1}.",
        TooManyComments = "That item has {0} comments and takes no more.",
        TooManyOwnComments = "You have commented on that item as often as anyone may: {0} times.",
        TooManyLikes = "That item has {0} likes and takes no more.",
        UnknownVerb = "This service does not know “{0}”.",
        NotNow = "That is not possible right now; try again in a moment.",
    };

    /// <summary>German.</summary>
    public static Wording German { get; } = new()
    {
        Locale = "de",
        Like = "Gefällt mir",
        Comment = "Kommentieren",
        Share = "Teilen",
        Subscribe = "Abonnieren",
        Liked = "Dir gefällt „{0}“. Gefällt: {1}.",
        LikedAlready = "Dir gefällt „{0}“ schon. Gefällt: {1}.",
        Unliked = "Dir gefällt „{0}“ nicht mehr. Gefällt: {1}.",
        NotLiked = "„{0}“ hatte dir nicht gefallen. Gefällt: {1}.",
        Commented = "kommentierte „{0}“: {1}",
        CommentLine = "{0}. {1}",
        OwnCommentLine = "{0}. (du) {1}",
        Comments = "Kommentare zu „{0}“:",
        NoComments = "„{0}“ hat noch niemand kommentiert.",
        Shared = "teilte „{0}“",
        NothingYet = "Es gibt noch nichts.",
        NothingFound = "Nichts gefunden mit: {0}",
        NeedsItem = "Sag, worum es geht: antworte auf die Karte oder drücke einen Knopf darauf.",
        ItemGone = "Das gibt es hier nicht oder nicht mehr.",
        BadCount = "Sag, wie viele: 1 bis {0}.",
        NoText = "Sag etwas.",
        TooLong = "Ein Kommentar hat höchstens {0} Bytes; dieser hat {1}.",
        TooManyComments = "Dazu gibt es {0} Kommentare; mehr werden nicht angenommen.",
        TooManyOwnComments = "Dazu hast du so oft etwas gesagt, wie jeder darf: {0} Mal.",
        TooManyLikes = "Das gefällt schon {0} Leuten; mehr werden nicht gezählt.",
        UnknownVerb = "„{0}“ kennt dieser Dienst nicht.",
        NotNow = "Das geht gerade nicht; versuche es gleich noch einmal.",
    };

    /// <summary>The language of a locale; English when it is another one.</summary>
    public static Wording Of(string locale) =>
        locale.StartsWith(German.Locale, StringComparison.OrdinalIgnoreCase) && (locale.Length == 2 || locale[2] is '-' or '_') ? German : English;
}

namespace RelayServer.Adapters.Subscriptions.Commands;

/// <summary>What a service says in one language. Numbers and texts are put in with <see cref="string.Format(IFormatProvider, string, object[])"/>.</summary>
internal sealed record Wording
{
    /// <summary>The language, as locales begin.</summary>
    public required string Locale { get; init; }

    /// <summary>The label of the action that likes.</summary>
    public required string Like { get; init; }

    /// <summary>The label of the action that comments.</summary>
    public required string Comment { get; init; }

    /// <summary>The label of the action that shares.</summary>
    public required string Share { get; init; }

    /// <summary>The label of the action that subscribes.</summary>
    public required string Subscribe { get; init; }

    /// <summary>Liked: title, how many.</summary>
    public required string Liked { get; init; }

    /// <summary>Was liked before: title, how many.</summary>
    public required string LikedAlready { get; init; }

    /// <summary>No longer liked: title, how many.</summary>
    public required string Unliked { get; init; }

    /// <summary>Was not liked: title, how many.</summary>
    public required string NotLiked { get; init; }

    /// <summary>A comment, after the name of who wrote it: title, text.</summary>
    public required string Commented { get; init; }

    /// <summary>A comment of a list: number, text.</summary>
    public required string CommentLine { get; init; }

    /// <summary>One's own comment of a list: number, text.</summary>
    public required string OwnCommentLine { get; init; }

    /// <summary>Above a list of comments: title.</summary>
    public required string Comments { get; init; }

    /// <summary>There is no comment: title.</summary>
    public required string NoComments { get; init; }

    /// <summary>Shared, after the name of who did: title.</summary>
    public required string Shared { get; init; }

    /// <summary>There is nothing yet.</summary>
    public required string NothingYet { get; init; }

    /// <summary>Nothing was found: words.</summary>
    public required string NothingFound { get; init; }

    /// <summary>No item was named.</summary>
    public required string NeedsItem { get; init; }

    /// <summary>The item is not kept.</summary>
    public required string ItemGone { get; init; }

    /// <summary>Not a number of items: most.</summary>
    public required string BadCount { get; init; }

    /// <summary>There is no text.</summary>
    public required string NoText { get; init; }

    /// <summary>The comment is too long: most, how long it is.</summary>
    public required string TooLong { get; init; }

    /// <summary>The item takes no more comments: most.</summary>
    public required string TooManyComments { get; init; }

    /// <summary>The item takes no more comments of the user: most.</summary>
    public required string TooManyOwnComments { get; init; }

    /// <summary>The item takes no more likes: most.</summary>
    public required string TooManyLikes { get; init; }

    /// <summary>The verb is not known: verb.</summary>
    public required string UnknownVerb { get; init; }

    /// <summary>The store cannot be used.</summary>
    public required string NotNow { get; init; }
}
